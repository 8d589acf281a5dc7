import type { Notice } from "../../db/payment_notices.ts";
import { type Amount, fromPaypal } from "./paypal_amounts.ts";

export type Capture = {
  id: string;
  status: string;
  amount: Amount;
  custom_id?: string;
  status_details?: { reason?: string };
};
export type Order = {
  id: string;
  status: string;
  links?: { rel: string; href: string }[];
  /** Answers say as much of them as they like. */
  purchase_units?: {
    custom_id?: string;
    amount?: Amount;
    payments?: { captures?: Capture[] };
  }[];
};
/** What an order or a capture tells of the attempt. */
export type Fact = Pick<Notice, "outcome" | "amount" | "currency" | "providerPayment" | "reason">;

/** Marks an order that must not be captured any more: PayPal itself cannot take one back. */
export const CLOSED = "closed:";

/** The attempt that an order, a capture or a refund names. */
export const attemptOf = (named: { custom_id?: string } | undefined): string | null =>
  named?.custom_id?.replace(CLOSED, "") || null;

export const unitOf = ({ purchase_units }: Order) => purchase_units?.[0];
export const captureOf = (order: Order) => unitOf(order)?.payments?.captures?.[0];
export const isClosed = (order: Order) => unitOf(order)?.custom_id?.startsWith(CLOSED);

/** Null while the payer has done nothing yet. */
export function factOfOrder(order: Order): Fact | null {
  const [unit, capture] = [unitOf(order), captureOf(order)];
  const { status } = order;
  if (capture) return factOfCapture(capture);
  if (!unit?.amount || !["VOIDED", "DECLINED"].includes(status)) return null;
  const currency = unit.amount.currency_code;
  return { outcome: "failed", amount: fromPaypal(unit.amount), currency, reason: wordOf(status) };
}

/** A capture whose money came, whatever went back since. */
const taken = ["COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"];

export function factOfCapture({ id, status, amount, status_details }: Capture): Fact {
  const money = { amount: fromPaypal(amount), currency: amount.currency_code, providerPayment: id };
  if (taken.includes(status)) return { ...money, outcome: "succeeded" };
  if (["DECLINED", "DENIED", "FAILED"].includes(status)) {
    return { ...money, outcome: "failed", reason: wordOf(status_details?.reason ?? status) };
  }
  return { ...money, outcome: "processing" };
}

const wordOf = (text: string) => text.toLowerCase().replaceAll("_", "-");
