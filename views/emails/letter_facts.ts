import { at, catalogue, type Letter, type LetterFacts, price } from "./letter_words.ts";

type Rows = NonNullable<Letter["facts"]>;

/** What is known of these, in this order. */
const known = (rows: [string, string | 0 | null | undefined][]): Rows =>
  rows.filter((row): row is [string, string] => Boolean(row[1]));

const capital = (word: string | undefined) => word && word[0]?.toUpperCase() + word.slice(1);

/** What was booked, before anybody has decided. */
export const bookedFacts = (facts: LetterFacts): Rows =>
  known([
    ["Service", facts.params.serviceName],
    ["Urgency", capital(facts.params.urgency)],
    ["Price", catalogue(facts) ?? "told after review"],
  ]);

/** The same for those who work here, with who booked it. */
export const arrivedFacts = (facts: LetterFacts): Rows =>
  known([["Client", facts.params.clientName], ...bookedFacts(facts)]);

/** What is to be paid, and until when. */
export const owedFacts = (facts: LetterFacts): Rows =>
  known([
    ["Service", facts.params.serviceName],
    ["Price", price(facts)],
    ["Pay by", facts.params.payBy && at(facts, facts.params.payBy)],
  ]);
