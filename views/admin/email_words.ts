import type { Email } from "../../db/emails.ts";
import type { Template } from "../../db/schema.ts";
import type { Suppression } from "../../db/suppressions.ts";

/** "Booking received" */
export const templateWords = (template: Template) =>
  template.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

/** Whether an admin may send it again. Whoever invites does that again instead. */
export const canLeave = (email: Email) =>
  ["failed", "dead"].includes(email.status) && email.template !== "admin_invitation" &&
  !cameBack(email);

/** Whether only a mail server stopped mail to the address: trying again asks it anew. */
export const isRefusal = ({ reason }: Suppression) => reason.startsWith("refused-");

const cameBack = ({ status, lastError }: Email) => status === "dead" && lastError === "bounced";

/** Whether an admin may send it once more: links to an account are asked for by its owner. */
export const canRepeat = (email: Email) =>
  (email.status === "sent" || cameBack(email)) && email.bookingId !== null;

const words: Record<string, string> = {
  unfinished: "The process ended before it knew whether the mail had left.",
  timeout: "The mail server did not answer in time.",
  unreachable: "The mail server could not be reached.",
  untrusted: "The mail server's certificate is not one that can be trusted.",
  "sign-in-refused": "The mail server does not accept our user name, password or key.",
  "bad-address": "No mail can be written to this address.",
  suppressed: "Nothing is sent to this address any more.",
  overtaken: "It was about something that had changed by then, so it was not sent.",
  asked: "An admin stopped mail to it.",
  bounced: "A mail came back from it.",
  complained: "Its owner complained of our mail.",
};

/** What the one word means that an outbox row keeps of a failure. */
export function errorWords(error: string): string {
  const [, verdict, code] = /^(refused|deferred)-(\d{3})$/.exec(error) ?? [];
  if (verdict === "refused") return `The receiving server refuses it for good (${code}).`;
  if (verdict === "deferred") return `The receiving server put it off (${code}).`;
  return words[error] ?? `It could not be written: a fault of ours (${error}).`;
}
