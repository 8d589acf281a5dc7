import { eq } from "drizzle-orm";
import { audited, auditedIfDone } from "./audit.ts";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import { canMove } from "./booking_status.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { entryOf } from "./payment_entries.ts";
import { reasonByStatus, type ReviewReason } from "./payment_reasons.ts";
import { type Receipt, settle, unlessMore, voidRunning } from "./payment_settlement.ts";
import { assertConfirmable, isToldByPerson } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { payments } from "./schema.ts";

type Reviewed = { payment: Payment; booking: Booking };

type Confirmation = Change & Receipt & { also?: Statement[] };

/**
 * An admin saw the money. The exact amount settles the booking; any other, and any that comes when the booking does
 * not wait for it, is kept with the payment as `needs_review`. `also` is written in the same batch. Throws
 * `conflict` when the payment is decided already, and for less than is on its receipts.
 */
export async function confirmPayment(db: Db, file: Reviewed, by: Confirmation) {
  const { payment, booking } = file;
  assertConfirmable(payment);
  const reason = reasonFor(file, by.amountMinor);
  if (reason) return await keepForReview(db, file, { ...by, reason });
  const settled = settle(db, booking, { ...by, payment, receipt: by });
  const entry = entryOf("confirm", file, { status: "succeeded" });
  await commit(db, [...settled.statements, audited(db, by, entry), ...by.also ?? []]);
}

function reasonFor({ payment, booking }: Reviewed, amountMinor: number): ReviewReason | null {
  const payable = canMove(booking.status, "confirm_payment", "admin");
  if (!payable) return reasonByStatus[booking.status] ?? "late";
  if (amountMinor === payment.amountMinor) return null;
  return amountMinor < payment.amountMinor ? "short" : "over";
}

async function keepForReview(
  db: Db,
  file: Reviewed,
  by: Confirmation & { reason: ReviewReason },
) {
  const { payment } = file;
  const { reason, amountMinor: receivedMinor, receivedOn, reference, now } = by;
  const status = unlessMore(payment, eq(payments.status, payment.status), "needs_review");
  const kept = { status, reason, receivedMinor, receivedOn, reference, updatedAt: now };
  const entry = entryOf("confirm", file, { status: "needs_review", receivedMinor, reason });
  const [rows] = await commit(db, [
    db.update(payments).set(kept).where(eq(payments.id, payment.id)),
    auditedIfDone(by, entry),
    ...by.also ?? [],
  ]);
  if (rows !== 1) throw new Problem("conflict", "This payment has changed meanwhile.");
}

/**
 * The money did not come: the attempt failed, the client is told why and has a new date to pay by. Throws
 * `conflict` when the payment is decided already, when a provider says that it came, or while another one of the booking is being checked.
 */
export async function refusePayment(
  db: Db,
  { payment, booking }: Reviewed,
  by: Change & { note: string },
) {
  assertConfirmable(payment);
  if (!isToldByPerson(payment)) {
    throw new Problem(
      "conflict",
      "This money is here: its provider says so. Send it back instead.",
    );
  }
  const status = unlessMore(payment, eq(payments.status, payment.status), "failed");
  const failed = { status, receivedMinor: null, reason: by.note };
  const update = db.update(payments).set({ ...failed, updatedAt: by.now })
    .where(eq(payments.id, payment.id));
  const entry = entryOf("refuse", { payment, booking }, { status: "failed", reason: by.note });
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
