import { bookedFacts, owedFacts } from "./letter_facts.ts";
import {
  amount,
  approvesItself,
  type LetterFacts,
  type Letters,
  named,
  price,
  priceStands,
  quoted,
  see,
  talk,
} from "./letter_words.ts";

type Name =
  | "booking_received"
  | "booking_approved"
  | "booking_rejected"
  | "booking_cancelled"
  | "chat_invitation"
  | "booking_completed";

/** What is written to a client when their booking moves. */
export const bookingLetters: Letters<Name> = {
  booking_received: (facts) => ({
    subject: named(facts, `We have your booking: ${facts.params.serviceName}`),
    lines: ["Thank you. Your booking is with us."],
    facts: bookedFacts(facts),
    action: see(facts),
    next: approvesItself(facts)
      ? `It is ${approvesItself(facts)} unless we answer sooner. You pay only after that.`
      : "We look at it now and tell you the price. You pay only after that.",
  }),
  booking_approved: (facts) => ({
    subject: named(facts, `Approved at ${price(facts)}: ${facts.params.serviceName}`),
    lines: [
      `Your booking is approved at ${price(facts)}.`,
      ...quoted("A note from us", facts.params.note),
    ],
    facts: owedFacts(facts),
    action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
    next: priceStands(facts) ?? "You choose how to pay on the next page.",
  }),
  booking_rejected: (facts) => ({
    subject: named(facts, `We cannot take your booking: ${facts.params.serviceName}`),
    lines: ["We looked at your booking and cannot take it.", ...quoted("Why", facts.params.reason)],
    action: see(facts),
    next: "You pay nothing. You may book again with other details at any time.",
  }),
  booking_cancelled: (facts) => ({
    subject: named(facts, `Cancelled: ${facts.params.serviceName}`),
    lines: ["Your booking is cancelled.", ...quoted("Why", facts.params.reason)],
    action: see(facts),
    next: moneyOf(facts),
  }),
  chat_invitation: (facts) => ({
    subject: named(facts, `Let us talk: ${facts.params.serviceName}`),
    lines: ["Your conversation with us is open.", "Tell us what you would like us to know first."],
    action: talk(facts),
    next: "The work is done and delivered in this conversation.",
  }),
  booking_completed: (facts) => ({
    subject: named(facts, `Completed: ${facts.params.serviceName}`),
    lines: [
      `The work on ${facts.params.serviceName} is complete.`,
      "Thank you for working with us.",
    ],
    action: see(facts),
    next: "If something is missing, write to us in the conversation within 14 days.",
  }),
};

/** What the end of a booking means for what was paid. */
function moneyOf(facts: LetterFacts): string {
  switch (facts.params.money) {
    case "all":
      return `All that you paid goes back to you: ${
        amount(facts, "the whole sum")
      }. We write to you when it is on its way.`;
    case "part":
      return `${
        amount(facts, "A part")
      } of what you paid goes back to you. We write to you when it is on its way.`;
    case "kept":
      return "What you paid is not sent back. If you think that is wrong, answer this mail.";
    default:
      return "There is nothing to pay. If you sent money already, answer this mail and we return it.";
  }
}
