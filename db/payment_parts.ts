import { eq } from "drizzle-orm";
import { audited } from "./audit.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { entryOf } from "./payment_entries.ts";
import { assertWaits, type Repair, type Repairing } from "./payment_repairs.ts";
import { unlessMore, voidRunning } from "./payment_settlement.ts";
import { partsOf } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { receiptFor } from "./receipts.ts";
import { payments } from "./schema.ts";

/**
 * An admin counts what came short as a part of the price and asks the client for the rest. The part is
 * confirmed, has its receipt and can be sent back like any payment; the next attempt is for what is left, in
 * whatever way the client chooses, and settles the booking. Throws `conflict` unless the payment came short and its
 * booking waits for it.
 */
export async function askForRest(db: Db, file: Repair, by: Repairing) {
  const { payment, booking } = file;
  assertWaits(payment);
  const part = (payment.receivedMinor ?? 0) - payment.refundedMinor;
  const missing = (booking.priceMinor ?? 0) - partsOf(file.payments) - part;
  if (payment.reason !== "short" || booking.status !== "payment_pending" || missing <= 0) {
    throw new Problem("conflict", "Nothing is missing here that the client could send.");
  }
  const params = { paymentId: payment.id, amountMinor: part, dueMinor: missing, reason: by.note };
  await commit(db, [
    counted(db, payment, by.now),
    voidRunning(db, booking, by.now),
    receiptFor(booking, payment, by.now),
    mailToClient(db, booking, {
      ...{ template: "payment_refused" as const, now: by.now, params },
      once: `${payment.id}.rest`,
    }),
    audited(db, by, entryOf("ask_for_rest", file, { status: "succeeded", part, reason: by.note })),
  ]);
}

const counted = (db: Db, payment: Payment, now: number): Statement =>
  db.update(payments).set({
    ...{
      status: unlessMore(payment, eq(payments.status, "needs_review"), "succeeded"),
      part: true,
      updatedAt: now,
    },
  }).where(eq(payments.id, payment.id));
