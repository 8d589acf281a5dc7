import type { Template } from "../../db/schema.ts";
import { amount, type Letter, type LetterFacts, named, quoted } from "./letter_words.ts";

type Letters = Partial<Record<Template, (facts: LetterFacts) => Letter>>;

const look = (facts: LetterFacts, label: string) => ({ label, url: facts.links.review });

/** What is written to those who work here. */
export const staffLetters = {
  approval_reminder: (facts) => ({
    subject: named(facts, `Needs attention: ${facts.params.serviceName}`),
    lines: [
      `${facts.params.clientName} waits for an answer, and the clock cannot give it.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: look(facts, "Review the booking"),
  }),
  staff_digest: (facts) => ({
    subject: `What waits for us: ${facts.params.count ?? "a few"} things at ${facts.agency.name}`,
    lines: ["This waits for somebody:", ...(facts.params.list ?? "").split("\n").filter(Boolean)],
    action: { label: "Open the dashboard", url: facts.links.review },
  }),
  payment_review: (facts) => ({
    subject: named(facts, "A payment needs a decision"),
    lines: [
      `${amount(facts)} came for ${facts.params.serviceName}, and it does not simply fit.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: look(facts, "Decide it"),
  }),
  refund_failed: (facts) => ({
    subject: named(facts, "A refund failed"),
    lines: [
      `${amount(facts)} could not be sent back for ${facts.params.serviceName}.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: look(facts, "Look at it"),
  }),
} satisfies Letters;
