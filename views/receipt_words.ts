import type { ReceiptFile } from "../db/receipt_finders.ts";
import type { Receipt } from "../db/receipts.ts";
import type { ReceiptParty } from "../db/schema.ts";
import { fullDate, money } from "./format.tsx";
import { methodWords } from "./payments.tsx";

/** All that stands on a receipt or a credit note, as it is read on a page and on paper. */
export type ReceiptSheet = {
  title: string;
  date: string;
  seller: string[];
  buyer: string[];
  service: string;
  about: string;
  total: { label: string; amount: string };
  facts: [label: string, value: string][];
  closing: string;
};

/** "R-000123" for a receipt, "C-000045" for a credit note. */
export const receiptName = ({ kind, number }: Pick<Receipt, "kind" | "number">) =>
  `${kind === "receipt" ? "R" : "C"}-${String(number).padStart(6, "0")}`;

/** "Receipt R-000123" */
export const receiptTitle = (receipt: Pick<Receipt, "kind" | "number">) =>
  `${receipt.kind === "receipt" ? "Receipt" : "Credit note"} ${receiptName(receipt)}`;

/** A receipt in words; its date is the agency's. */
export function sheetOf(file: ReceiptFile, zone: string): ReceiptSheet {
  const { receipt, booking } = file;
  const { amountMinor, currency, seller, buyer } = receipt;
  const { label, facts, closing } = words[meaningOf(receipt)];
  return {
    title: receiptTitle(receipt),
    date: fullDate(receipt.issuedAt, zone),
    seller: linesOf(seller),
    buyer: linesOf(buyer),
    service: receipt.serviceName,
    about: `Booking ${booking.reference}`,
    total: { label, amount: money(amountMinor, currency) },
    facts: facts(file),
    closing: `${seller.name} ${closing}`,
  };
}

type Meaning = "came" | "went" | "came back";

function meaningOf({ kind, refundId }: Receipt): Meaning {
  if (kind === "credit_note") return "went";
  return refundId === null ? "came" : "came back";
}

const words: Record<
  Meaning,
  { label: string; facts: (file: ReceiptFile) => Facts; closing: string }
> = {
  came: { label: "Received", facts: paymentFacts, closing: "has received this amount." },
  went: {
    label: "Sent back",
    facts: (file) => refundFacts(file, "Corrects"),
    closing: "has sent this amount back. How soon it arrives depends on the way.",
  },
  "came back": {
    label: "Came back",
    facts: (file) => refundFacts(file, "Voids"),
    closing: "holds this amount again: it was sent back and did not arrive.",
  },
};

const linesOf = ({ name, company, address, email }: ReceiptParty) =>
  [name, company, address, email].filter((line): line is string => Boolean(line));

type Facts = ReceiptSheet["facts"];

function paymentFacts({ payment }: ReceiptFile): Facts {
  const facts: [string, string | null][] = [
    ["Paid by", methodWords[payment.method]],
    ["In USDT", usdtOf(payment)],
    ["Value date", payment.receivedOn && fullDate(Date.parse(payment.receivedOn), "UTC")],
    ["Reference", payment.reference],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** What the client was asked to send, and how that became the amount in the booking's currency. */
function usdtOf({ method, usdtMicro, usdtRate, network, currency }: ReceiptFile["payment"]) {
  if (method !== "usdt" || usdtMicro === null) return null;
  const micro = `${Math.floor(usdtMicro / 1e6)}.${String(usdtMicro % 1e6).padStart(6, "0")}`;
  const chain = network === "tron" ? "TRC-20" : "ERC-20";
  return `${micro} USDT asked for (${chain}), at ${usdtRate} USDT for ${currency} 1`;
}

function refundFacts({ receipt, corrects, payment, reason }: ReceiptFile, verb: string): Facts {
  const kind = receipt.kind === "receipt" ? "credit_note" : "receipt";
  const facts: [string, string | null][] = [
    [verb, corrects.map((number) => receiptTitle({ kind, number })).join(", ")],
    ["Was paid by", methodWords[payment.method]],
    ["Why", reason],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}
