import type { Letter, LetterFacts } from "./letter_words.ts";

/** The letters of a change of address: to both, before it and after it. */
export function addressChange({ params, links, known }: LetterFacts): Letter | undefined {
  const { change, newEmail = "" } = params;
  if (change === "done") return changed(newEmail, links);
  if (change === "new" && known) return taken(links);
  if (!change) return undefined;
  return {
    subject: "Confirm your new address",
    lines: [
      `Somebody, hopefully you, wants to use ${newEmail} for ${
        change === "old" ? "your account" : "an account"
      } here.`,
      "Confirm it in this mail and in the one to the other address. Then the account has the new one.",
    ],
    action: { label: "Confirm the change", url: links.token },
    next: change === "old"
      ? "The link works for 24 hours, once. If it was not you, do not open it: somebody knows your password, so choose a new one now."
      : "The link works for 24 hours, once. If it was not you, do nothing.",
  };
}

const changed = (newEmail: string, links: LetterFacts["links"]): Letter => ({
  subject: "Your address was changed",
  lines: [`Your account has the address ${newEmail} now. Both addresses confirmed that.`],
  action: { label: "See your account", url: links.account },
  next: "If it was not you, answer this mail at once.",
});

const taken = (links: LetterFacts["links"]): Letter => ({
  subject: "This address has an account already",
  lines: [
    "Somebody, hopefully you, wanted to use this address for another account. It has one already, so nothing was changed.",
  ],
  action: { label: "See your account", url: links.account },
  next: "If it was not you, do nothing.",
});

/** What is sent when a password was changed, or somebody tried to do without it. */
export function passwordChanged({ params, links }: LetterFacts): Letter | undefined {
  if (params.change === "guessed") return guessed(links);
  if (params.change === "codes") return codesTried(links);
  if (params.change === "factor_off") return factorOff(links);
  if (params.change !== "done") return undefined;
  return {
    subject: "Your password was changed",
    lines: ["Your password was changed, and every other session of yours has ended."],
    action: { label: "See your account", url: links.account },
    next: "If it was not you, answer this mail at once.",
  };
}

const guessed = (links: LetterFacts["links"]): Letter => ({
  subject: "Somebody signed in after many wrong tries",
  lines: [
    "Before somebody, hopefully you, signed in to your account a moment ago, wrong passwords or codes were given for it five times or more.",
  ],
  action: { label: "See who is signed in", url: links.account },
  next: "If it was not you, end all other sessions there and choose a new password.",
});

const codesTried = (links: LetterFacts["links"]): Letter => ({
  subject: "Somebody knows your password",
  lines: [
    "Somebody gave your right password and then five wrong codes. Nobody was let in.",
  ],
  action: { label: "Choose a new password", url: links.account },
  next: "If that was you, do nothing.",
});

const factorOff = (links: LetterFacts["links"]): Letter => ({
  subject: "Your second factor was turned off",
  lines: ["Your password alone lets you in now: nobody asks for a code."],
  action: { label: "Set it up again", url: links.account },
  next: "If it was neither you nor an owner whom you asked, choose a new password at once.",
});
