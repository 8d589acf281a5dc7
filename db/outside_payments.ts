import { audited } from "./audit.ts";
import type { Booking, Change } from "./booking_moves.ts";
import { commit, type Db, isUnique } from "./client.ts";
import { type Receipt, settle, voidRunning } from "./payment_settlement.ts";
import { isInFlight } from "./payment_status.ts";
import { newPayment, type Payment, whileDue } from "./payments.ts";
import { Problem } from "./problem.ts";
import { payments } from "./schema.ts";

/**
 * The client paid in a way the product does not know: an admin vouches for the exact price. The same
 * idempotency key again changes nothing. Throws `invalid` on another amount, and `conflict` when the booking
 * cannot be paid or one of its payments is being checked.
 */
export async function recordOutsidePayment(
  db: Db,
  booking: Booking,
  by: Change & Receipt & { idempotencyKey: string; payments: Payment[] },
) {
  if (by.payments.some(({ idempotencyKey }) => idempotencyKey === by.idempotencyKey)) return;
  if (by.payments.some(isInFlight)) {
    throw new Problem("conflict", "A payment is being checked. Confirm or refuse that one first.");
  }
  const payment = newPayment(booking, { ...by, method: "manual" });
  const settled = settle(db, booking, { ...by, payment, receipt: by });
  if (by.amountMinor !== payment.amountMinor) {
    throw new Problem("invalid", "Write the exact price: only the whole of it counts.", "amount");
  }
  const { id, method, amountMinor } = payment;
  const begun = [
    voidRunning(db, booking, by.now),
    db.insert(payments).values({ ...payment, status: whileDue(payment, by.payments) }),
    audited(db, by, {
      action: "payment.record",
      subject: booking.reference,
      after: { payment: id, method, amountMinor },
    }),
  ];
  try {
    await commit(db, [...begun, ...settled.statements]);
  } catch (error) {
    if (!isUnique(error, "payments.idempotency_key")) throw error;
    return;
  }
  return { booking: settled.booking, event: settled.event };
}
