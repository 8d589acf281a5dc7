import { and, asc, desc, eq, gt, gte, isNull, notExists, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";
import { notFound } from "./problem.ts";
import { type DueRefund, filed } from "./refund_results.ts";
import type { RefundFile } from "./refunds.ts";
import { payments, refunds, serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

const DAY = 86_400_000;
/** How long a refund that failed is shown where nobody asked for another one. */
const SHOWN = 30 * DAY;
/** Tries after which a refund that no provider answers for is shown to people. */
const MANY_TRIES = 5;

/** A payment with all that a refund of it depends on, if `viewer` may see it. Throws `not_found`. */
export async function findRefundFile(db: Db, viewer: Viewer, id: string): Promise<RefundFile> {
  const seen = and(eq(payments.id, id), seenBy(viewer));
  const own = db.select({ id: payments.bookingId }).from(payments).where(eq(payments.id, id));
  const [found, attempts, made] = await db.batch([
    db.select({ payment: payments, booking: serviceBookings }).from(payments)
      .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId)).where(seen),
    db.select().from(payments).where(eq(payments.bookingId, own)),
    db.select().from(refunds).where(eq(refunds.paymentId, id))
      .orderBy(desc(refunds.createdAt), desc(refunds.id)),
  ]);
  if (!found[0]) throw notFound();
  return { ...found[0], payments: attempts, refunds: made };
}

/** One refund with its payment and booking, if `viewer` may see it. Throws `not_found`. */
export async function findRefundFor(db: Db, viewer: Viewer, id: string): Promise<DueRefund> {
  const found = await filed(db).where(and(eq(refunds.id, id), seenBy(viewer))).get();
  if (!found) throw notFound();
  return found;
}

const later = alias(refunds, "later");
const waits = and(eq(refunds.status, "processing"), isNull(refunds.nextTryAt));
const unanswered = and(eq(refunds.status, "requested"), gte(refunds.attempts, MANY_TRIES));

/** All refunds that need a person: failed, waiting for a proof, or not answered for after many tries. */
export async function listRefundsToMend(
  db: Db,
  viewer: Viewer,
  now: number,
): Promise<DueRefund[]> {
  return await filed(db).where(and(toMend(db, now), seenBy(viewer)))
    .orderBy(asc(refunds.updatedAt)).limit(100);
}

export const toMend = (db: Db, now: number) => or(failedLately(db, now), waits, unanswered);

/** Where nobody asked for another one after it. */
const failedLately = (db: Db, now: number) =>
  and(
    eq(refunds.status, "failed"),
    gt(refunds.updatedAt, now - SHOWN),
    notExists(
      db.select({ one: sql`1` }).from(later).where(and(
        eq(later.paymentId, refunds.paymentId),
        gt(later.createdAt, refunds.createdAt),
      )),
    ),
  );
