import type { Template } from "../../db/schema.ts";
import {
  amount,
  at,
  type Letter,
  type LetterFacts,
  named,
  price,
  quoted,
  see,
} from "./letter_words.ts";

type Letters = Partial<Record<Template, (facts: LetterFacts) => Letter>>;

/** What is written to a client without their having done anything just now. */
export const reminders = {
  payment_reminder: (facts) => ({
    subject: named(facts, `Not paid yet: ${facts.params.serviceName}`),
    lines: [`Your booking is approved at ${price(facts)} and waits for your payment.`],
    action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
    next: facts.params.payBy
      ? `The price stands until ${at(facts, facts.params.payBy)}. Then the booking ends by itself.`
      : undefined,
  }),
  booking_expired: (facts) => ({
    subject: named(facts, `Ended unpaid: ${facts.params.serviceName}`),
    lines: ["Your booking was not paid in time and has ended. You owe nothing."],
    action: see(facts),
    next: "If you still want it, answer this mail or book again.",
  }),
  approval_delayed: (facts) => ({
    subject: named(facts, `We are late: ${facts.params.serviceName}`),
    lines: ["A person must price your booking, and we are late with that. We are sorry."],
    action: see(facts),
    next: "You need not do anything. You pay only after we have told you the price.",
  }),
  approval_revoked: (facts) => ({
    subject: named(facts, `We look at your booking again: ${facts.params.serviceName}`),
    lines: [
      "Your booking had approved itself. We have taken that back to look at it first.",
      ...quoted("Why", facts.params.reason),
    ],
    action: see(facts),
    next: "The link to pay does not work now. We write to you with the price.",
  }),
  refund_sent: (facts) => ({
    subject: named(facts, `Money on its way back: ${facts.params.serviceName}`),
    lines: [`${amount(facts)} is on its way back to you.`, ...quoted("Why", facts.params.reason)],
    action: see(facts),
    next: "How soon it arrives depends on how you paid.",
  }),
  chat_unread: (facts) => ({
    subject: named(facts, `New messages: ${facts.params.serviceName}`),
    lines: ["There is something new in your conversation.", ...quoted("Last", facts.params.note)],
    action: { label: "Open the conversation", url: facts.links.chat },
  }),
} satisfies Letters;
