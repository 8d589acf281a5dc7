import { and, eq } from "drizzle-orm";
import { audited, auditedIfDone } from "./audit.ts";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import { commit, type Db, isUnique } from "./client.ts";
import { mailToClient } from "./emails.ts";
import {
  assertConfirmable,
  isInFlight,
  newPayment,
  onlyFrom,
  type Payment,
  type Receipt,
  settle,
  voidRunning,
} from "./payments.ts";
import { Problem } from "./problem.ts";
import { type AuditFacts, payments } from "./schema.ts";

type Reviewed = { payment: Payment; booking: Booking };

/**
 * An admin saw the money. The exact price settles the booking; any other amount is kept with the payment as
 * `needs_review` and the booking waits. Throws `conflict` when the payment is decided already.
 */
export async function confirmPayment(db: Db, { payment, booking }: Reviewed, by: Change & Receipt) {
  assertConfirmable(payment);
  if (by.amountMinor === payment.amountMinor) {
    const settled = settle(db, booking, { ...by, payment, receipt: by });
    const entry = decision("confirm", { payment, booking }, { status: "succeeded" });
    await commit(db, [...settled.statements, audited(db, by, entry)]);
    return;
  }
  const reason = by.amountMinor < payment.amountMinor ? "short" : "over";
  const kept = {
    receivedMinor: by.amountMinor,
    receivedOn: by.receivedOn,
    reference: by.reference,
  };
  const after = { status: "needs_review", receivedMinor: by.amountMinor, reason };
  const [rows] = await commit(db, [
    db.update(payments).set({ ...kept, status: "needs_review", reason, updatedAt: by.now })
      .where(and(eq(payments.id, payment.id), eq(payments.status, payment.status))),
    auditedIfDone(by, decision("confirm", { payment, booking }, after)),
  ]);
  if (rows !== 1) throw new Problem("conflict", "This payment has changed meanwhile.");
}

/** A payment is found in the log by its booking's reference. */
const decision = (what: string, { payment, booking }: Reviewed, after: AuditFacts) => ({
  action: `payment.${what}`,
  subject: booking.reference,
  before: { payment: payment.id, status: payment.status, amountMinor: payment.amountMinor },
  after: { payment: payment.id, ...after },
});

/**
 * The money did not come: the attempt failed, the client is told why and has a new date to pay by. Throws
 * `conflict` when the payment is decided already, or while another one of the booking is being checked.
 */
export async function refusePayment(
  db: Db,
  { payment, booking }: Reviewed,
  by: Change & { note: string },
) {
  assertConfirmable(payment);
  const failed = { status: onlyFrom([payment.status], "failed"), reason: by.note };
  const update = db.update(payments).set({ ...failed, updatedAt: by.now })
    .where(eq(payments.id, payment.id));
  const entry = decision("refuse", { payment, booking }, { status: "failed", reason: by.note });
  const written = [update, audited(db, by, entry)];
  if (booking.status !== "payment_pending") {
    await commit(db, written);
    return;
  }
  const set = { payBy: by.now + PAY_WITHIN };
  const moved = moveBooking(db, booking, { ...by, move: "fail_payment", set });
  const params = { reason: by.note };
  await commit(db, [
    ...moved.statements,
    ...written,
    voidRunning(db, booking, by.now),
    mailToClient(db, moved.booking, { template: "payment_refused", now: by.now, params }),
  ]);
}

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
    db.insert(payments).values(payment),
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
  }
}
