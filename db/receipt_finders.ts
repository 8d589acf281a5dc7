import { and, eq, type SQL, sql } from "drizzle-orm";
import { visibleTo } from "./booking_finders.ts";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { notFound } from "./problem.ts";
import type { Receipt } from "./receipts.ts";
import { payments, receipts, refunds, serviceBookings } from "./schema.ts";
import type { Viewer } from "./viewers.ts";

/** A receipt or credit note with what it tells of its payment. */
export type ReceiptFile = {
  receipt: Receipt;
  payment: Payment;
  booking: Booking;
  /** The number of the receipt that a credit note corrects. */
  corrects: number | null;
  /** Why the money went back. */
  reason: string | null;
};
export type ReceiptName = Pick<Receipt, "kind" | "number">;

/** One receipt of the booking `reference`, if `viewer` may see that. Throws `not_found`. */
export async function findReceiptFor(
  db: Db,
  viewer: Viewer,
  at: { reference: string } & ReceiptName,
): Promise<ReceiptFile> {
  const named = and(eq(receipts.kind, at.kind), eq(receipts.number, at.number));
  const file = await filed(db, and(named, visibleTo(viewer, at.reference)));
  if (!file) throw notFound();
  return file;
}

/** What a mail about a payment, or about a refund, brings along. */
export async function findReceiptOf(
  db: Db,
  of: { paymentId: string } | { refundId: string },
): Promise<ReceiptFile | undefined> {
  if ("refundId" in of) return await filed(db, eq(receipts.refundId, of.refundId));
  return await filed(db, and(eq(receipts.kind, "receipt"), eq(receipts.paymentId, of.paymentId)));
}

const filed = (db: Db, where: SQL | undefined): Promise<ReceiptFile | undefined> =>
  db.select({
    receipt: receipts,
    payment: payments,
    booking: serviceBookings,
    corrects: sql<number | null>`(select corrected.number from receipts corrected
      where corrected.kind = 'receipt' and ${receipts.kind} = 'credit_note'
        and corrected.payment_id = ${receipts.paymentId})`,
    reason: refunds.reason,
  }).from(receipts)
    .innerJoin(payments, eq(payments.id, receipts.paymentId))
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
    .leftJoin(refunds, eq(refunds.id, receipts.refundId))
    .where(where).get();
