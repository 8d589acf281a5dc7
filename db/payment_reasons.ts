import type { Status } from "./booking_status.ts";
import { MAX_MINOR } from "./money.ts";
import type { Case } from "./payment_decisions.ts";
import type { Notice } from "./payment_notices.ts";
import { dueOf } from "./payment_status.ts";
import type { Payment } from "./payments.ts";

/** Why money that came is not simply the price: a person looks at it. */
export const reviewReasons = [
  ...["short", "over", "currency", "chain", "token"] as const,
  ...["late", "ended", "doubled", "unconfirmed"] as const,
] as const;
export type ReviewReason = typeof reviewReasons[number];
export type Money = Pick<Notice, "amount" | "currency"> & { providerPayment?: string | null };
/** What came of an attempt by providers' words and, in minor units, by a person's. */
export type Came = { money: Money[]; vouched?: number };
/** What a notice may say itself of why a person must look. */
const said = ["chain", "token", "unconfirmed"] as const;

const currencyOf = ({ usdtMicro, currency }: Payment) => usdtMicro === null ? currency : "USDT";
const totalOf = (money: Money[]) => money.reduce((sum, { amount }) => sum + amount, 0);

/**
 * What came in minor units of the attempt's currency, of USDT at the rate of its quote, rounded down: the quote is
 * worth exactly the price. Null where it was another currency, or less than one unit.
 */
export function worthOf(payment: Payment, { money, vouched = 0 }: Came): number | null {
  const known = money.filter(({ currency }) => currency === currencyOf(payment));
  const total = totalOf(known);
  const { usdtMicro, amountMinor } = payment;
  const worth = usdtMicro === null
    ? total
    : Number(BigInt(total) * BigInt(amountMinor) / BigInt(usdtMicro));
  return Math.min(worth + vouched, MAX_MINOR) || null;
}

/** Why no money can settle a booking any more, or not yet. */
export const reasonByStatus: Partial<Record<Status, ReviewReason>> = {
  ...{ paid: "doubled", in_progress: "doubled", completed: "doubled" },
  ...{ pending: "late", approved: "late", expired: "late" },
  ...{ cancelled: "ended", rejected: "ended" },
};

/** Why what came does not settle the booking; null where it is what is due, to the unit. */
export function reasonOf(
  { payment, booking, others }: Case,
  notice: Notice,
  came: Came,
): ReviewReason | null {
  const { money, vouched = 0 } = came;
  const late = reasonByStatus[booking.status];
  if (late) return late;
  const named = said.find((reason) => reason === notice.reason);
  if (named) return named;
  if (payment.status === "refunded") return "late";
  if (money.some(({ currency }) => currency !== currencyOf(payment))) return "currency";
  const asked = payment.usdtMicro ?? payment.amountMinor;
  const worth = (worthOf(payment, came) ?? 0) - payment.refundedMinor;
  const exactly = vouched > 0 ? 0 : totalOf(money) - asked;
  const over = exactly || worth - dueOf(booking, others);
  return over === 0 ? null : over < 0 ? "short" : "over";
}
