import { and, eq, inArray, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { type DueRefund, filed, unfinished } from "./refund_results.ts";
import type { Refund } from "./refunds.ts";
import { refunds } from "./schema.ts";

const MINUTE = 60_000;
const LEASE = 2 * MINUTE;
const BACKOFF = [1, 5, 15, 60, 180, 360].map((minutes) => minutes * MINUTE);
/** How often a provider is asked again about a refund that it has taken. */
const ASK_AGAIN = 360 * MINUTE;

/**
 * Claims up to `limit` refunds that a provider must be told of, or asked about: those whose time has come and
 * that nobody else holds.
 */
export async function claimRefunds(db: Db, now: number, limit = 10): Promise<DueRefund[]> {
  const due = and(
    inArray(refunds.status, unfinished),
    lte(refunds.nextTryAt, now),
    or(isNull(refunds.leaseUntil), lt(refunds.leaseUntil, now)),
  );
  const found = await db.select({ id: refunds.id }).from(refunds).where(due).limit(limit);
  if (found.length === 0) return [];
  const claimed = await db.update(refunds)
    .set({ leaseUntil: now + LEASE, attempts: sql`${refunds.attempts} + 1` })
    .where(and(inArray(refunds.id, found.map((row) => row.id)), due))
    .returning({ id: refunds.id });
  if (claimed.length === 0) return [];
  return await filed(db).where(inArray(refunds.id, claimed.map((row) => row.id)));
}

/** The provider has taken the refund and says later how it ended. */
export async function recordRefundTaken(
  db: Db,
  { refund }: DueRefund,
  taken: { providerRef: string | null; now: number },
) {
  const { now } = taken;
  const providerRef = taken.providerRef ?? refund.providerRef;
  await whileHeld(db, refund, {
    ...{ status: "processing", providerRef, lastError: null },
    ...{ nextTryAt: now + ASK_AGAIN, updatedAt: now },
  });
}

/**
 * The provider was not reached, or did not answer: nobody knows whether the money left, so the same refund is
 * told again until it says, and none is ever given up.
 */
export async function recordRefundDelayed(
  db: Db,
  { refund }: DueRefund,
  { error, now }: { error: string; now: number },
) {
  const wait = BACKOFF[Math.min(refund.attempts, BACKOFF.length) - 1] ?? MINUTE;
  await whileHeld(db, refund, { lastError: error, nextTryAt: now + wait, updatedAt: now });
}

/** Writes to a refund that this process still holds: another claim raises the count. */
async function whileHeld(db: Db, { id, attempts }: Refund, set: Partial<Refund>) {
  await db.update(refunds).set({ ...set, leaseUntil: null }).where(and(
    eq(refunds.id, id),
    eq(refunds.attempts, attempts),
    inArray(refunds.status, unfinished),
  ));
}
