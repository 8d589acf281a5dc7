import { and, desc, eq, isNull, lte, type SQL, sql } from "drizzle-orm";
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
  /** The numbers of the receipts that a credit note corrects, or of the credit note that a receipt voids. */
  corrects: number[];
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

/** What a mail about a payment, or about a refund, brings along: of several the latest. */
export async function findReceiptOf(
  db: Db,
  of: { paymentId: string; until?: number } | { refundId: string },
): Promise<ReceiptFile | undefined> {
  if ("refundId" in of) {
    const note = eq(receipts.kind, "credit_note");
    return await filed(db, and(note, eq(receipts.refundId, of.refundId)));
  }
  const came = and(eq(receipts.kind, "receipt"), isNull(receipts.refundId));
  const until = of.until === undefined ? undefined : lte(receipts.issuedAt, of.until);
  return await filed(db, and(came, eq(receipts.paymentId, of.paymentId), until));
}

const filed = (db: Db, where: SQL | undefined): Promise<ReceiptFile | undefined> =>
  db.select({
    receipt: receipts,
    payment: payments,
    booking: serviceBookings,
    corrects,
    reason: refunds.reason,
  }).from(receipts)
    .innerJoin(payments, eq(payments.id, receipts.paymentId))
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
    .leftJoin(refunds, eq(refunds.id, receipts.refundId))
    .where(where).orderBy(desc(receipts.number)).limit(1).get();

/** A credit note corrects what was receipted before it; the receipt of a refund that came back, its note. */
const corrects = sql<number[]>`(select json_group_array(other.number)
  from receipts other
  where other.payment_id = ${receipts.paymentId} and other.rowid < ${receipts}.rowid
    and iif(${receipts.kind} = 'credit_note', other.kind = 'receipt' and other.refund_id is null,
      other.kind = 'credit_note' and other.refund_id = ${receipts.refundId}))`
  .mapWith((text: string): number[] => JSON.parse(text).sort((a: number, b: number) => a - b));
