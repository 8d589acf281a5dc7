import type { Template } from "../../db/schema.ts";
import { accountLetters } from "./account_letters.ts";
import { bookingLetters } from "./booking_letters.ts";
import type { Letters } from "./letter_words.ts";
import { paymentLetters } from "./payment_letters.ts";
import { reminders } from "./reminders.ts";
import { staffLetters } from "./staff_letters.ts";

/** Every mail the product sends, by template. */
export const letters: Letters<Template> = {
  ...bookingLetters,
  ...paymentLetters,
  ...reminders,
  ...accountLetters,
  ...staffLetters,
};

type Kind = { template: Template; params: { staff?: unknown } };

/** Mails to those who work here: they get no link that is the client's. */
export const isForStaff = ({ template, params }: Kind) =>
  template in staffLetters || template === "admin_invitation" || params.staff === 1;

/** Why somebody gets a mail, as its foot says. */
export function whyOf(kind: Kind, agency: { name: string }): string {
  if (kind.template === "admin_invitation") {
    return `You get this because ${agency.name} invited you.`;
  }
  if (isForStaff(kind)) return `You get this because you work with ${agency.name}.`;
  return `You get this because this address was used at ${agency.name}.`;
}
