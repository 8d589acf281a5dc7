import { arrivedFacts } from "./letter_facts.ts";
import {
  amount,
  approvesItself,
  type Letter,
  type LetterFacts,
  type Letters,
  named,
  quoted,
} from "./letter_words.ts";
import { inWords } from "./reasons.ts";

type Name =
  | "new_booking"
  | "urgent_booking"
  | "booking_assigned"
  | "approval_reminder"
  | "staff_digest"
  | "payment_review"
  | "refund_failed";

const look = (facts: LetterFacts, label: string) => ({ label, url: facts.links.review });

/** What is written to those who work here. */
export const staffLetters: Letters<Name> = {
  new_booking: (facts) => ({
    subject: named(facts, `New booking: ${facts.params.serviceName}`),
    lines: [`${facts.params.clientName} booked ${facts.params.serviceName}.`],
    facts: arrivedFacts(facts),
    action: look(facts, "Review the booking"),
    next: approval(facts),
  }),
  urgent_booking: (facts) => ({
    subject: named(facts, `URGENT booking: ${facts.params.serviceName}`),
    lines: [`${facts.params.clientName} booked ${facts.params.serviceName} and needs it urgently.`],
    facts: arrivedFacts(facts),
    action: look(facts, "Review it now"),
    next: approval(facts),
  }),
  booking_assigned: (facts) => ({
    subject: named(facts, `You look after ${facts.params.serviceName}`),
    lines: [
      `You look after ${facts.params.reference} now: ${facts.params.serviceName} for ${facts.params.clientName}.`,
    ],
    action: look(facts, "Open the booking"),
    next: "Messages in its chat reach you from now on.",
  }),
  approval_reminder: (facts) => ({
    subject: named(facts, `Needs attention: ${facts.params.serviceName}`),
    lines: [
      `${facts.params.clientName} waits for an answer, and the clock cannot give it.`,
      ...quoted("Why", inWords(facts.params.reason)),
    ],
    action: look(facts, "Review the booking"),
  }),
  staff_digest: (facts) => ({
    subject: `What waits for us: ${things(facts)} at ${facts.agency.name}`,
    lines: ["This waits for somebody."],
    facts: listed(facts),
    action: look(facts, "Open the overview"),
  }),
  payment_review: (facts) => ({
    subject: named(facts, "A payment needs a decision"),
    lines: [
      `${amount(facts, "Money")} came for ${facts.params.serviceName}, and it does not simply fit.`,
      ...quoted("Why", inWords(facts.params.reason)),
    ],
    action: look(facts, "Decide it"),
    next: "Nothing happens with it until somebody decides.",
  }),
  refund_failed: (facts) => ({
    subject: named(facts, "A refund failed"),
    lines: [
      `${amount(facts, "The money")} could not be sent back for ${facts.params.serviceName}.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: look(facts, "Look at it"),
    next: "The money is still with us, and the client does not know that it failed.",
  }),
};

const approval = (facts: LetterFacts): Letter["next"] =>
  approvesItself(facts)
    ? `It is ${approvesItself(facts)} unless somebody answers sooner.`
    : "It does not approve itself: it waits for your price.";

const things = ({ params: { count } }: LetterFacts) =>
  count === undefined ? "a few things" : count === 1 ? "1 thing" : `${count} things`;

/** "Payments to decide: 2" a line, as rows. */
const listed = ({ params: { list = "" } }: LetterFacts) =>
  list.split("\n").filter(Boolean).map((line): [string, string] => {
    const [label = "", value = ""] = line.split(/: (?=\d+$)/);
    return [label, value];
  });
