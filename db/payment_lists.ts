import { and, asc, desc, eq, inArray, not, or, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { notFound } from "./problem.ts";
import { payments, type PaymentStatus, serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

export type PaymentFile = { payment: Payment; booking: Booking };
/** Where the last page ended: two payments may change in the same millisecond. */
export type PaymentCursor = Pick<Payment, "updatedAt" | "id">;
export type PaymentList = {
  /** What a person must decide, longest waiting first. */
  waiting: PaymentFile[];
  /** All others, latest change first. */
  rest: PaymentFile[];
  next: PaymentCursor | null;
};

const PAGE = 40;
const WAITING = 100;
const needsPerson = or(
  inArray(payments.status, ["needs_review", "under_review"]),
  and(eq(payments.status, "open"), eq(payments.method, "bank")),
) as SQL;

/** The payments that `viewer`, an admin, looks at; those that need a person come before all others, on the first page. */
export async function listPayments(
  db: Db,
  viewer: Viewer,
  filter: { status?: PaymentStatus; before?: PaymentCursor },
): Promise<PaymentList> {
  const { before } = filter;
  const chosen = and(seenBy(viewer), filter.status && eq(payments.status, filter.status));
  const older = before &&
    sql`(${payments.updatedAt}, ${payments.id}) < (${before.updatedAt}, ${before.id})`;
  const [waiting, others] = await db.batch([
    filed(db).where(and(needsPerson, chosen)).orderBy(asc(payments.updatedAt))
      .limit(before ? 0 : WAITING),
    filed(db).where(and(not(needsPerson), chosen, older))
      .orderBy(desc(payments.updatedAt), desc(payments.id)).limit(PAGE + 1),
  ]);
  const rest = others.slice(0, PAGE);
  const last = rest.at(-1)?.payment;
  return { waiting, rest, next: others.length > PAGE && last ? last : null };
}

/** One payment with its booking, if `viewer` may see that. Throws `not_found`. */
export async function findPaymentFor(db: Db, viewer: Viewer, id: string): Promise<PaymentFile> {
  const file = await filed(db).where(and(eq(payments.id, id), seenBy(viewer))).get();
  if (!file) throw notFound();
  return file;
}

const filed = (db: Db) =>
  db.select({ payment: payments, booking: serviceBookings }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId)).$dynamic();
