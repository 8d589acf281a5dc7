import type { Urgency } from "../../db/schema.ts";
import { instant, money, zoneName } from "../format.tsx";

/** What a letter may speak of: the facts kept with the mail, and addresses on our own site. */
export type LetterFacts = {
  agency: { name: string; timezone: string };
  now: number;
  params: {
    reference?: string;
    serviceName?: string;
    urgency?: Urgency;
    priceMinor?: number | null;
    currency?: string;
    payBy?: number | null;
    autoApproveAt?: number | null;
    amountMinor?: number;
    note?: string | null;
    reason?: string | null;
    clientName?: string;
    role?: string;
    /** A step of a change to the account: asked at the present or the new address, or done. */
    change?: "old" | "new" | "done";
    userId?: number;
    newEmail?: string;
    /** What a mail to staff lists, one booking or mail a line. */
    list?: string;
    count?: number;
    method?: string;
  };
  /** Whether the recipient has an account. */
  known: boolean;
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

/** A mail in words: a subject, a few sentences, one thing to do. */
export type Letter = {
  subject: string;
  lines: string[];
  facts?: [string, string][];
  action: { label: string; url: string };
  next?: string;
};

export const price = ({ params }: LetterFacts) =>
  params.priceMinor && params.currency
    ? money(params.priceMinor, params.currency)
    : "the agreed price";
export const amount = ({ params }: LetterFacts) =>
  params.amountMinor && params.currency
    ? money(params.amountMinor, params.currency)
    : "Your payment";
export const at = (facts: LetterFacts, time: number) =>
  `${instant(time, facts.agency.timezone, facts.now)} (${zoneName(facts.agency.timezone)})`;
export const quoted = (label: string, words: string | null | undefined) =>
  words ? [`${label}: ${words}`] : [];
export const see = (facts: LetterFacts) => ({
  label: "See your booking",
  url: facts.links.booking,
});
export const named = ({ params }: LetterFacts, subject: string) =>
  params.reference ? `${subject} (${params.reference})` : subject;
