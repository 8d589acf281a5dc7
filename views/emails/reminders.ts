import { owedFacts } from "./letter_facts.ts";
import { type Letters, named, price, priceStands, quoted, see, talk } from "./letter_words.ts";

type Name =
  | "payment_reminder"
  | "booking_expired"
  | "approval_delayed"
  | "approval_revoked"
  | "chat_unread";

/** What is written to a client without their having done anything just now. */
export const reminders: Letters<Name> = {
  payment_reminder: (facts) => ({
    subject: named(facts, `Not paid yet: ${facts.params.serviceName}`),
    lines: [`Your booking is approved at ${price(facts)} and waits for your payment.`],
    facts: owedFacts(facts),
    action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
    next: priceStands(facts) ??
      "If you paid already, you need not do anything: money takes its time.",
  }),
  booking_expired: (facts) => ({
    subject: named(facts, `Ended unpaid: ${facts.params.serviceName}`),
    lines: ["Your booking was not paid in time and has ended.", "You owe nothing."],
    action: see(facts),
    next: "If you still want it, answer this mail or book again.",
  }),
  approval_delayed: (facts) => ({
    subject: named(facts, `We are late: ${facts.params.serviceName}`),
    lines: [
      "We are late with your booking, and we are sorry.",
      "A person must look at it and answer it.",
    ],
    action: see(facts),
    next: "You need not do anything. You pay only after we have told you the price.",
  }),
  approval_revoked: (facts) => ({
    subject: named(facts, `We look at your booking again: ${facts.params.serviceName}`),
    lines: [
      "We look at your booking again.",
      "It had approved itself, and we have taken that back to look at it first.",
      ...quoted("Why", facts.params.reason),
    ],
    action: see(facts),
    next: "There is nothing to pay now. We write to you with the price.",
  }),
  chat_unread: (facts) => ({
    subject: named(facts, `New messages: ${facts.params.serviceName}`),
    lines: ["There is something new in your conversation.", ...quoted("Last", facts.params.note)],
    action: facts.params.staff
      ? { label: "Open the conversation", url: facts.links.chat }
      : talk(facts),
    next: "Answer there: an answer to this mail does not reach the conversation.",
  }),
};
