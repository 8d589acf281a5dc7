import { and, asc, eq, inArray, isNotNull, isNull, lte, or } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { type PaymentMethod, payments } from "./schema.ts";

const MINUTE = 60_000;
/** How old an attempt is before the clock asks about it, and how long until it asks again. */
const ASK_AFTER = 10 * MINUTE;
/** How long an attempt may stay without a page at its provider. */
const BEGIN_WITHIN = 60 * MINUTE;

type Some = { methods: PaymentMethod[]; limit: number };

/** Attempts at providers of which nothing final is known for some time: those asked longest ago first. */
export async function listUnsettled(db: Db, now: number, of: Some): Promise<Payment[]> {
  return await db.select().from(payments).where(and(
    inArray(payments.method, of.methods),
    inArray(payments.status, ["created", "open", "processing"]),
    isNotNull(payments.providerRef),
    lte(payments.createdAt, now - ASK_AFTER),
    or(isNull(payments.askedAt), lte(payments.askedAt, now - ASK_AFTER)),
  )).orderBy(asc(payments.askedAt)).limit(of.limit);
}

/** Attempts that ended here and whose provider may still take money for them. */
export async function listUnclosed(db: Db, of: Some): Promise<Payment[]> {
  return await db.select().from(payments).where(and(
    inArray(payments.status, ["failed", "expired", "voided"]),
    inArray(payments.method, of.methods),
    isNotNull(payments.providerRef),
    isNull(payments.closedAt),
  )).orderBy(asc(payments.updatedAt)).limit(of.limit);
}

/** Attempts that never got a page at their provider. */
export async function listUnbegun(db: Db, now: number, limit: number): Promise<Payment[]> {
  return await db.select().from(payments).where(and(
    eq(payments.status, "created"),
    isNull(payments.providerRef),
    lte(payments.createdAt, now - BEGIN_WITHIN),
  )).orderBy(asc(payments.createdAt)).limit(limit);
}
