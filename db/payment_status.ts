import type { Booking } from "./booking_moves.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import type { PaymentStatus } from "./schema.ts";

export const running: PaymentStatus[] = ["created", "open", "processing", "under_review"];
export const inFlight: PaymentStatus[] = ["processing", "under_review"];
export const confirmable: PaymentStatus[] = [...running, "needs_review"];
/** Money came, whatever became of it. */
export const moneyCame: PaymentStatus[] = ["needs_review", "succeeded", "refunded"];

/**
 * How far an attempt has come. Providers' calls come late, twice and in any order, so what they say only takes it
 * up: an end is below the money that may come after it. Only a person takes one down again, who refuses what waited
 * for them; and a part that more money came on is looked at once more.
 */
const rank: Record<PaymentStatus, number> = {
  ...{ created: 0, open: 1, processing: 2, under_review: 2 },
  ...{ failed: 3, expired: 3, voided: 3 },
  ...{ needs_review: 4, succeeded: 5, refunded: 6 },
};

export const mayRise = (from: PaymentStatus, to: PaymentStatus) => rank[to] > rank[from];

export const isRunning = (payment: Payment) => running.includes(payment.status);
/** Money may be on its way: nothing may end the booking now. */
export const isInFlight = (payment: Payment) => inFlight.includes(payment.status);
/** What came was counted as a part of the price, and is here. */
export const isPart = (payment: Payment) => payment.part && payment.status === "succeeded";
/** Money is here or may be: the booking is not ended before a person has looked. */
export const holdsMoney = (payment: Payment) =>
  isInFlight(payment) || payment.status === "needs_review" || isPart(payment);
/** What is a person's to decide, whatever else is true of the payment. */
export const forPerson: PaymentStatus[] = ["needs_review", "under_review"];
/** More came than was due after the booking was paid, and is here still. */
const isDoubled = ({ reason, receivedMinor, refundedMinor, settledMinor }: Payment) =>
  reason === "doubled" && (receivedMinor ?? 0) - refundedMinor > (settledMinor ?? 0);

/** Whether a payment waits for a person; `needingPayments` finds them all. */
export const needsPerson = (payment: Payment) =>
  forPerson.includes(payment.status) ||
  (payment.method === "bank" && payment.status === "open") ||
  (payment.status === "succeeded" && (payment.disputedAt !== null || isDoubled(payment)));

/**
 * Whether what came of a payment is for a person to say: not where a provider or a statement has said it in our
 * currency.
 */
export const isToldByPerson = ({ status, reason, providerPayment, receivedMinor }: Payment) =>
  confirmable.includes(status) && (
    status !== "needs_review" || providerPayment === null || receivedMinor === null ||
    reason === "unconfirmed"
  );

/** What parts have brought and was not sent back, in minor units. */
export const partsOf = (payments: Payment[]) =>
  payments.filter(isPart)
    .reduce(
      (sum, { receivedMinor, refundedMinor }) => sum + (receivedMinor ?? 0) - refundedMinor,
      0,
    );

/** What is left of the price to pay, in minor units. Throws `conflict` while there is no price. */
export function dueOf({ priceMinor }: Booking, payments: Payment[]): number {
  if (priceMinor === null) throw new Problem("conflict", "This booking has no price yet.");
  return priceMinor - partsOf(payments);
}

/** Throws `conflict` where a payment is decided, or some of its money went back: that is a fact by then. */
export function assertConfirmable(payment: Payment) {
  if (payment.refundedMinor > 0) {
    throw new Problem("conflict", "Some of this money went back already. Send the rest back too.");
  }
  if (confirmable.includes(payment.status)) return;
  const state = payment.status.replace("_", " ");
  throw new Problem("conflict", `This payment is ${state} already, so nothing was changed.`);
}
