import type { Booking } from "./booking_moves.ts";
import type { Notice } from "./payment_notices.ts";
import { type Money, reasonOf, type ReviewReason, worthOf } from "./payment_reasons.ts";
import { holdsMoney, isPart, isRunning, mayRise, moneyCame } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { refundMeant, type SentBack } from "./provider_refunds.ts";
import type { Refund } from "./refunds.ts";

/** All that a decision depends on: the attempt, its booking's other ones, and what was said of its money before. */
export type Case = {
  payment: Payment;
  booking: Booking;
  others: Payment[];
  /** The money that came and counts. */
  earlier: Money[];
  /** What its provider said of money going back. */
  sentBack: SentBack[];
  /** What of the attempt's money went back or is going. */
  refunds: Refund[];
};

export type Decision =
  /** `early` where the money that went back has not come yet: it is counted when it does. */
  | { effect: "processing" | "refunded" | "early" | "disputed" }
  | { effect: "refund_failed"; refund: Refund }
  | { effect: "succeeded"; receivedMinor: number }
  /** `doubled` where the attempt has settled its booking before: it stays what it is. */
  | { effect: "needs_review" | "doubled"; reason: ReviewReason; receivedMinor: number | null }
  /** `frees` where the booking may be paid in another way now. */
  | { effect: "failed" | "expired"; frees: boolean }
  | { effect: "ignored"; alarm?: boolean };
export type Effect = Decision["effect"];

const ignored: Decision = { effect: "ignored" };

/** What a notice brings about, by what is here. Pure: the same case and notice give the same decision. */
export function decide(found: Case, notice: Notice): Decision {
  const { status, receivedMinor } = found.payment;
  switch (notice.outcome) {
    case "succeeded":
      return onSuccess(found, notice);
    case "processing":
      return mayRise(status, "processing") ? { effect: "processing" } : ignored;
    case "failed":
    case "expired":
      return onEnd(found, notice.outcome);
    case "refunded":
      return { effect: receivedMinor === null ? "early" : "refunded" };
    case "refund_failed": {
      const refund = refundMeant(found.refunds, notice);
      return refund ? { effect: "refund_failed", refund } : ignored;
    }
    case "disputed":
      return { effect: "disputed" };
  }
}

/** An attempt that ends frees its booking, unless other money of the booking is here or on its way. */
function onEnd({ payment, booking, others }: Case, effect: "failed" | "expired"): Decision {
  if (moneyCame.includes(payment.status)) return { effect: "ignored", alarm: effect === "failed" };
  if (!mayRise(payment.status, effect)) return ignored;
  const waited = booking.status === "payment_pending";
  return {
    effect,
    frees: waited && !others.some((other) => isRunning(other) || holdsMoney(other)),
  };
}

function onSuccess(found: Case, notice: Notice): Decision {
  const { payment, earlier } = found;
  if (earlier.some((money) => isSame(money, notice))) return ignored;
  const settled = payment.settledMinor !== null;
  if (settled && earlier.length === 0 && !notice.besides) return ignored;
  const vouched = vouchedFor(found, notice);
  const came = { money: [...earlier, notice], vouched };
  const receivedMinor = worthOf(payment, came);
  if (settled) return { effect: "doubled", reason: "doubled", receivedMinor };
  const reason = reasonOf(found, notice, came);
  if (reason) return { effect: "needs_review", reason, receivedMinor };
  return { effect: "succeeded", receivedMinor: receivedMinor ?? payment.amountMinor };
}

const isSame = (one: Money, other: Money) =>
  !one.providerPayment || !other.providerPayment || one.providerPayment === other.providerPayment;

/**
 * What is here on a person's word alone, in minor units: other money is added to it. Only where nothing was decided
 * on it does it give way to the provider's first word.
 */
function vouchedFor({ payment, earlier: money }: Case, { besides }: Notice): number {
  const decided = payment.settledMinor !== null || isPart(payment) || payment.refundedMinor > 0;
  if (!decided && !besides && money.length === 0) return 0;
  return Math.max(0, (payment.receivedMinor ?? 0) - (worthOf(payment, { money }) ?? 0));
}
