import type { Urgency } from "../../db/schema.ts";
import { money, zoned } from "../format.tsx";

/** What a letter may speak of: the facts kept with the mail, and addresses on our own site. */
export type LetterFacts = {
  agency: { name: string; timezone: string };
  now: number;
  params: {
    reference?: string;
    serviceName?: string;
    urgency?: Urgency;
    priceMinor?: number | null;
    cataloguePriceMinor?: number | null;
    currency?: string;
    payBy?: number | null;
    autoApproveAt?: number | null;
    amountMinor?: number | null;
    /** What is due in all, or still, where an amount came that is not all of it. */
    dueMinor?: number | null;
    note?: string | null;
    /** In a person's words, or a word that a program chose. */
    reason?: string | null;
    clientName?: string;
    role?: string;
    /** What happened to the account: a change was asked at the present or new address, or done; somebody guessed. */
    change?: "old" | "new" | "done" | "guessed" | "codes" | "factor_off";
    userId?: number;
    newEmail?: string;
    /** What a mail to staff lists, one booking or mail a line. */
    list?: string;
    count?: number;
    /** 1 where a letter that clients get too goes to one of us. */
    staff?: number;
    method?: string | null;
    /** What happens with the money of a booking that ended after it was paid. */
    money?: "all" | "part" | "kept" | null;
  };
  /** Whether the recipient has an account. */
  known: boolean;
  /** Whether they have a password for it: then they can sign in. */
  open: boolean;
  /** The number of the receipt or credit note that is attached. */
  attached?: string;
  links: {
    booking: string;
    pay: string;
    chat: string;
    review: string;
    account: string;
    token: string;
  };
  /** Label and value of what the client needs to pay by transfer. */
  instructions: [string, string][];
};

/** A mail in words: a subject, a few sentences of which the first says it all, one thing to do. */
export type Letter = {
  subject: string;
  lines: string[];
  facts?: [string, string][];
  action: { label: string; url: string };
  next?: string;
};
/** A part of the letters, by template. */
export type Letters<T extends string> = Record<T, (facts: LetterFacts) => Letter>;

const sum = (minor: number | null | undefined, currency: string | undefined) =>
  minor && currency ? money(minor, currency) : undefined;

export const price = ({ params }: LetterFacts) =>
  sum(params.priceMinor, params.currency) ?? "the agreed price";
/** The price of the catalogue, which the clock approves at. */
export const catalogue = ({ params }: LetterFacts) =>
  sum(params.cataloguePriceMinor, params.currency);
/** What came or goes; `otherwise` where nobody noted how much. */
export const amount = ({ params }: LetterFacts, otherwise = "Your payment") =>
  sum(params.amountMinor, params.currency) ?? otherwise;
export const due = ({ params }: LetterFacts) => sum(params.dueMinor, params.currency);

/** "Thu 5 Mar, 14:00 Berlin". */
export const at = ({ agency, now }: LetterFacts, time: number) => zoned(time, agency.timezone, now);

/** "approved at USD 149.00 on Thu 5 Mar, 14:00 Berlin", or nothing where a person must decide. */
export function approvesItself(facts: LetterFacts): string | undefined {
  const { autoApproveAt } = facts.params;
  const price = catalogue(facts);
  if (!autoApproveAt) return undefined;
  return `approved ${price ? `at ${price} ` : ""}on ${at(facts, autoApproveAt)}`;
}

const methods: Record<string, string> = {
  ...{ stripe: "by card", paypal: "by PayPal", usdt: "in USDT", bank: "by bank transfer" },
  test: "as a test payment",
};
/** " by card", or nothing where the way says nothing to the client. */
export const by = ({ params }: LetterFacts) => {
  const way = methods[params.method ?? ""];
  return way ? ` ${way}` : "";
};

/** How long the price stands, where that is known. */
export const priceStands = (facts: LetterFacts): string | undefined => {
  const { payBy } = facts.params;
  return payBy
    ? `The price stands until ${
      at(facts, payBy)
    }. Unpaid, the booking ends then by itself, and you owe nothing.`
    : undefined;
};

export const quoted = (label: string, words: string | null | undefined) =>
  words ? [`${label}: ${words}`] : [];
export const see = (facts: LetterFacts) => ({
  label: "See your booking",
  url: facts.links.booking,
});

/** Leads into the conversation; whoever has no password yet chooses one on the way. */
export const talk = ({ links, open }: LetterFacts) =>
  open
    ? { label: "Open the conversation", url: links.chat }
    : { label: "Choose a password to open the conversation", url: links.token };

const LONGEST = 110;

/** A subject that names its booking: what is too long gives way to the reference. */
export function named({ params }: LetterFacts, subject: string): string {
  const short = subject.length > LONGEST ? `${subject.slice(0, LONGEST - 1).trimEnd()}…` : subject;
  return params.reference ? `${short} (${params.reference})` : short;
}
