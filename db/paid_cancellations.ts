import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { voidRunning } from "./payment_settlement.ts";
import { isInFlight } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { leftOf } from "./refund_rules.ts";
import { isRefundRace, lessLeft, newRefund, refundStatements } from "./refunds.ts";

/** What happens with the money of a booking that ends after it was paid; the amount is in minor units. */
export type MoneyBack =
  | { kind: "refund_all" }
  | { kind: "refund_part"; amountMinor: number }
  | { kind: "keep" };
type Share = { payment: Payment; amountMinor: number };

const told = { refund_all: "all", refund_part: "part", keep: "kept" } as const;

/** What a booking's payments still hold, in minor units: the most that can go back. */
export const heldBy = (payments: Payment[]): number =>
  payments.reduce((sum, payment) => sum + leftOf(payment), 0);

/**
 * Ends a booking that is paid and says in the same batch what goes back. Throws `invalid` where that is more than
 * is here, and `conflict` while another payment is being checked, or when something changed meanwhile.
 */
export async function cancelPaidBooking(
  db: Db,
  { booking, payments }: { booking: Booking; payments: Payment[] },
  by: Change & { note: string; money: MoneyBack },
) {
  const moved = moveBooking(db, booking, { ...by, move: "cancel" });
  if (payments.some(isInFlight)) throw beingChecked();
  const shares = sharesOf(payments, by.money);
  const amountMinor = shares.reduce((sum, share) => sum + share.amountMinor, 0);
  const { now } = by;
  try {
    await commit(db, [
      ...moved.statements,
      voidRunning(db, booking, now),
      ...shares.flatMap((share) => shareStatements(db, booking, { ...by, ...share })),
      mailToClient(db, moved.booking, {
        ...{ template: "booking_cancelled", now },
        params: { reason: by.note, by: by.actor.kind, money: told[by.money.kind], amountMinor },
      }),
    ]);
  } catch (error) {
    throw isRefundRace(error) ? lessLeft() : error;
  }
  return { booking: moved.booking, event: moved.event };
}

const beingChecked = () =>
  new Problem("conflict", "A payment is being checked, so this booking cannot be cancelled now.");

/** Which payment gives how much: first the one that settled the booking, then what else is here. */
function sharesOf(payments: Payment[], money: MoneyBack): Share[] {
  if (money.kind === "keep") return [];
  let rest = amountOf(money, heldBy(payments));
  const shares: Share[] = [];
  for (const payment of payments.toSorted(settledFirst)) {
    const amountMinor = Math.min(rest, leftOf(payment));
    if (amountMinor > 0) shares.push({ payment, amountMinor });
    rest -= amountMinor;
  }
  return shares;
}

function amountOf(money: Exclude<MoneyBack, { kind: "keep" }>, held: number): number {
  if (held === 0) throw new Problem("invalid", "There is no money left to send back.", "money");
  if (money.kind === "refund_all") return held;
  if (money.amountMinor <= held) return money.amountMinor;
  throw new Problem("invalid", "That is more than this booking still holds.", "refund_amount");
}

const settledFirst = (one: Payment, two: Payment) => rankOf(one) - rankOf(two);
const rankOf = ({ status }: Payment) => status === "succeeded" ? 0 : 1;

/** The move's version makes the key: a booking is cancelled once. */
function shareStatements(
  db: Db,
  booking: Booking,
  { payment, amountMinor, ...by }: Share & Change & { note: string },
) {
  const idempotencyKey = `cancel.${booking.reference}.${booking.version}.${payment.id}`;
  const order = { amountMinor, reason: by.note, idempotencyKey };
  const refund = newRefund(payment, { ...by, ...order });
  return refundStatements(db, { payment, booking }, { refund, by });
}
