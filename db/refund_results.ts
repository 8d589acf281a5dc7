import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import type { Payment } from "./payments.ts";
import { isProblem } from "./problem.ts";
import { creditNoteFor, receiptFor } from "./receipts.ts";
import { type Refund, sumOf } from "./refunds.ts";
import { payments, refunds, type RefundStatus, serviceBookings } from "./schema.ts";

/** A refund with the payment and the booking that it belongs to. */
export type DueRefund = { refund: Refund; payment: Payment; booking: Booking };

/** A refund of which nobody knows yet how it ends. */
export const unfinished: RefundStatus[] = ["requested", "processing"];

export const filed = (db: Db) =>
  db.select({ refund: refunds, payment: payments, booking: serviceBookings }).from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId)).$dynamic();

/** `after` for a refund that is not decided yet, else NULL, which the column refuses with the whole batch. */
const onlyOpen = (after: RefundStatus): SQL =>
  sql`case when ${inArray(refunds.status, unfinished)} then ${after} end`;

type Success = { providerRef: string | null; now: number };

/** The money is back: its payment counts it, a credit note is issued and the client is told. */
export const succeededStatements = (
  db: Db,
  { refund, payment, booking }: DueRefund,
  { providerRef, now }: Success,
): Statement[] => [
  db.update(refunds).set({
    status: onlyOpen("succeeded"),
    providerRef: sql`coalesce(${providerRef}, ${refunds.providerRef})`,
    ...{ lastError: null, leaseUntil: null, nextTryAt: null, updatedAt: now },
  }).where(eq(refunds.id, refund.id)),
  ...wentBack(db, { refund, payment, booking }, now),
];

/** What follows once the row of a refund says that it succeeded. */
export const wentBack = (
  db: Db,
  { refund, payment, booking }: DueRefund,
  now: number,
): Statement[] => [
  recount(payment, now),
  // Money that settled nothing has no receipt yet: receipts less credit notes are what we keep.
  receiptFor(booking, payment, { amountMinor: payment.receivedMinor ?? 0, now }),
  creditNoteFor(booking, { payment, refundId: refund.id, amountMinor: refund.amountMinor, now }),
  mailToClient(db, booking, {
    ...{ template: "refund_sent", now, once: refund.id },
    params: paramsOf(refund, payment),
  }),
];

const paramsOf = ({ id, amountMinor, reason }: Refund, { method }: Payment) => ({
  ...{ amountMinor, reason, method, refundId: id },
});

const recount = ({ id }: Payment, now: number): Statement => ({
  sql: `update payments set refunded_minor = ${sumOf("status <> 'failed'")}, updated_at = ?,
    status = case when received_minor <= ${sumOf("status = 'succeeded'")} then 'refunded'
      else status end
    where id = ?`,
  args: [now, id],
});

/** It did not work: the payment holds the money again, and those who decide payments are told. */
export const failedStatements = (
  db: Db,
  { refund, payment, booking }: DueRefund,
  { error, now }: { error: string; now: number },
): Statement[] => [
  db.update(refunds).set({
    ...{ status: onlyOpen("failed"), lastError: error },
    ...{ leaseUntil: null, nextTryAt: null, updatedAt: now },
  }).where(eq(refunds.id, refund.id)),
  recount(payment, now),
  mailToAdmins(booking, {
    ...{ template: "refund_failed", now, once: refund.id },
    params: { amountMinor: refund.amountMinor, reason: error },
  }),
];

/** Records that the provider has sent the money. A refund that is decided already stays as it is. */
export async function recordRefunded(db: Db, due: DueRefund, success: Success) {
  await unlessDecided(commit(db, succeededStatements(db, due, success)));
}

/** Records that the provider will not send the money: `error` says why, in one word. */
export async function recordRefundFailed(
  db: Db,
  due: DueRefund,
  failure: { error: string; now: number },
) {
  await unlessDecided(commit(db, failedStatements(db, due, failure)));
}

async function unlessDecided(written: Promise<unknown>) {
  try {
    await written;
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
  }
}
