import { addressChange, passwordChanged } from "./account_changes.ts";
import { type Letters, named } from "./letter_words.ts";

type Name = "account_claim" | "email_verification" | "password_reset" | "admin_invitation";

/** What is written to somebody about their account. */
export const accountLetters: Letters<Name> = {
  account_claim: (facts) => ({
    subject: named(facts, "Your link to choose a password"),
    lines: ["Choose a password to see all your bookings and to talk with us."],
    action: { label: "Choose a password", url: facts.links.token },
    next: "The link works for 7 days, once.",
  }),
  email_verification: (facts) =>
    addressChange(facts) ?? {
      subject: "Confirm your address",
      lines: [
        "Is this your address?",
        `Somebody, hopefully you, registered at ${facts.agency.name} with it.`,
      ],
      action: { label: "Confirm this address", url: facts.links.token },
      next: "The link works for 24 hours, once. If it was not you, do nothing.",
    },
  password_reset: (facts) =>
    passwordChanged(facts) ?? {
      subject: "Choose a new password",
      lines: [
        "Here you can choose a new password.",
        `Somebody, hopefully you, asked for it at ${facts.agency.name}${
          facts.params.staff ? ", as one of its admins" : ""
        }.`,
      ],
      action: { label: "Choose a new password", url: facts.links.token },
      next: "The link works for 30 minutes, once. If it was not you, do nothing.",
    },
  admin_invitation: (facts) => ({
    subject: `You are invited to ${facts.agency.name}`,
    lines: [`You are invited to work with ${facts.agency.name} as ${facts.params.role}.`],
    action: { label: "Accept the invitation", url: facts.links.token },
    next: "The link works for 72 hours, once.",
  }),
};
