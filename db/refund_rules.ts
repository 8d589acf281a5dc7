import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import type { Refund } from "./refunds.ts";
import type { PaymentMethod } from "./schema.ts";

const manual: PaymentMethod[] = ["bank", "usdt", "manual"];

/** What a payment's method cannot send back by itself: a person does and says where it is found. */
export const goesByHand = (method: PaymentMethod) => manual.includes(method);
/** Whether a refund waits for its proof: no clock looks at it. */
export const waitsForProof = ({ status, nextTryAt }: Refund) =>
  status === "processing" && nextTryAt === null;

/**
 * What of a payment can be sent back, in minor units: what came, less what is back or on its way. None of a
 * disputed one: the client's bank may take that itself, and the money must not go back twice.
 */
export function leftOf({ status, receivedMinor, refundedMinor, disputedAt }: Payment): number {
  if (!["succeeded", "needs_review"].includes(status) || disputedAt !== null) return 0;
  return Math.max(0, (receivedMinor ?? 0) - refundedMinor);
}

/** Throws `conflict` where a payment holds nothing, `invalid` where it holds less than `amountMinor`. */
export function assertLeft(payment: Payment, amountMinor: number) {
  const left = leftOf(payment);
  if (payment.disputedAt !== null) {
    throw new Problem("conflict", "The client disputes this payment: answer that at the provider.");
  }
  if (left === 0) throw new Problem("conflict", "This payment holds no money to send back.");
  if (amountMinor > left) {
    throw new Problem("invalid", "That is more than this payment still holds.", "amount");
  }
}
