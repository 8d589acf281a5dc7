import { eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import type { Payment } from "./payments.ts";
import { isProblem } from "./problem.ts";
import { creditNoteFor, receiptFor, voidingReceiptFor } from "./receipts.ts";
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

/** `after` for a refund that is in one of `before`, else NULL, which the column refuses with the whole batch. */
const onlyFrom = (before: RefundStatus[], after: RefundStatus): SQL =>
  sql`case when ${inArray(refunds.status, before)} then ${after} end`;

type Success = { providerRef: string | null; now: number };

/** The money is back: its payment counts it, a credit note is issued and the client is told. */
export const succeededStatements = (
  db: Db,
  { refund, payment, booking }: DueRefund,
  { providerRef, now }: Success,
): Statement[] => [
  db.update(refunds).set({
    status: onlyFrom(unfinished, "succeeded"),
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
  // Money that only waited for a decision has no receipt yet: receipts less credit notes are what we keep.
  receiptFor(booking, payment, now),
  creditNoteFor(booking, { payment, refundId: refund.id, now }),
  mailToClient(db, booking, {
    ...{ template: "refund_sent", now, once: refund.id },
    params: paramsOf(refund, payment),
  }),
];

const paramsOf = ({ id, amountMinor, reason }: Refund, { method }: Payment) => ({
  ...{ amountMinor, reason, method, refundId: id },
});

/** Where money comes back that had gone whole, the payment is what it was, or waits for a person again. */
const recount = ({ id }: Payment, now: number): Statement => ({
  sql: `update payments set refunded_minor = ${sumOf("status <> 'failed'")}, updated_at = :now,
    part = part and (status <> 'refunded' or settled_minor is not null or ${allBack}),
    status = case when ${allBack} then 'refunded' when status <> 'refunded' then status
      when settled_minor is null then 'needs_review' else 'succeeded' end
    where id = :id`,
  args: { now, id },
});

const allBack = `received_minor <= ${sumOf("status = 'succeeded'")}`;

/** `providerRef` where only now the provider says what it calls the refund. */
type Failure = { error: string; providerRef?: string; now: number };

/** It did not work: the payment holds the money again, and those who decide payments are told. */
export const failedStatements = (
  db: Db,
  due: DueRefund,
  failure: Failure,
): Statement[] => failedFrom(db, due, { ...failure, before: unfinished });

/** The same of one that had succeeded: a receipt voids its credit note. */
export const cameBackStatements = (
  db: Db,
  due: DueRefund,
  failure: Failure,
): Statement[] => [
  ...failedFrom(db, due, { ...failure, before: ["succeeded"] }),
  voidingReceiptFor(due.booking, { ...due, refundId: due.refund.id, now: failure.now }),
];

const failedFrom = (
  db: Db,
  { refund, payment, booking }: DueRefund,
  { error, providerRef, before, now }: Failure & { before: RefundStatus[] },
): Statement[] => [
  db.update(refunds).set({
    ...{ status: onlyFrom(before, "failed"), lastError: error },
    providerRef: sql`coalesce(${refunds.providerRef}, ${providerRef ?? null})`,
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
  failure: Failure,
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
