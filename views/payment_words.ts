import type { ReviewReason } from "../db/payment_reasons.ts";
import type { Payment } from "../db/payments.ts";
import type { PaymentMethod, RefundStatus } from "../db/schema.ts";
import { money } from "./format.tsx";

type Settled = Exclude<Payment["status"], "needs_review" | "open" | "processing" | "succeeded">;

const states: Record<Settled, string> = {
  created: "Waiting for your payment",
  under_review: "We look for it on our account",
  failed: "It did not arrive",
  expired: "It was not paid in time",
  voided: "No longer needed",
  refunded: "Paid back to you",
};
const opened: Partial<Record<PaymentMethod, string>> = {
  stripe: "Waiting for you at the card page",
  paypal: "Waiting for you at PayPal",
  usdt: "Waiting for your USDT",
  bank: "Waiting for your transfer",
};
const confirming: Partial<Record<PaymentMethod, string>> = {
  stripe: "Your bank is confirming it",
  paypal: "PayPal is confirming it",
  usdt: "Seen on the network, waiting for its confirmations",
};

/** How an attempt stands, as its client reads it. */
export function clientState(payment: Payment): string {
  const { status, method } = payment;
  if (status === "needs_review") return reviewForClient(payment);
  if (status === "succeeded") return confirmed(payment);
  if (status === "open") return opened[method] ?? "Waiting for your payment";
  if (status === "processing") return confirming[method] ?? "Being confirmed";
  return states[status];
}

function confirmed(payment: Payment): string {
  const more = cameOnTop(payment);
  if (more) return `Confirmed. ${more}. ${LATER}`;
  return payment.part ? "Confirmed as a part of the price" : "Confirmed";
}

const LATER = "We look at it and write to you";

/** "EUR 149.00 more than that arrived": what came after a payment had settled, and is here still. */
export function cameOnTop(payment: Payment): string | null {
  const { reason, status, receivedMinor, refundedMinor, settledMinor, currency } = payment;
  const more = (receivedMinor ?? 0) - refundedMinor - (settledMinor ?? 0);
  if (status !== "succeeded" || reason !== "doubled" || more <= 0) return null;
  return `${money(more, currency)} more than that arrived`;
}

/** What a client reads of a payment beside its status, where we must look at it; null for all others. */
export const oddForClient = (payment: Payment): string | null =>
  payment.status === "needs_review" || cameOnTop(payment) ? `${clientState(payment)}.` : null;

/** Why money that came is not simply the price. */
const whys: Record<ReviewReason, (came: string, due: string) => string> = {
  short: (came, due) => `${came} arrived, ${due} is due`,
  over: (came, due) => `${came} arrived, only ${due} was due`,
  currency: (_, due) => `Money in another currency arrived, ${due} is due`,
  chain: (came) => `${came} arrived on another network than the one you chose`,
  token: () => "Another token than USDT arrived",
  late: (came) => `${came} arrived after the time to pay was over`,
  ended: (came) => `${came} arrived after this booking had ended`,
  doubled: (came) => `${came} arrived, but this booking was paid already`,
  unconfirmed: (came) => `${came} was seen on its network, and its end was not`,
};

/** "EUR 100.00 arrived, EUR 149.00 is due. We look at it and write to you" */
function reviewForClient(payment: Payment): string {
  return `${whatHappened(payment)}. ${LATER}`;
}

/** What is odd about money that came; the same words for both sides. */
export function whatHappened(payment: Payment): string {
  const { reason, receivedMinor, amountMinor, currency } = payment;
  const came = receivedMinor === null ? "Money" : money(receivedMinor, currency);
  const why = whys[reason as ReviewReason] ?? whys.short;
  return why(came, money(amountMinor, currency));
}

const ways: Record<RefundStatus, string> = {
  requested: "is on its way back to you",
  processing: "is on its way back to you",
  succeeded: "was sent back to you",
  failed: "could not be sent back yet. We see to it and write to you",
};

/** "EUR 50.00 is on its way back to you." */
export const refundForClient = (amount: string, status: RefundStatus) =>
  `${amount} ${ways[status]}.`;
