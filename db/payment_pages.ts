import { and, eq, inArray, isNull, lte, or } from "drizzle-orm";
import { commit, type Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { payments } from "./schema.ts";
import { readTx } from "./usdt.ts";

/** How soon a provider may be asked about one attempt again, in milliseconds, whoever wants to know. */
const ASK_AGAIN = 5000;

/**
 * Keeps what the provider made of an attempt, so that it can be asked about and closed whatever becomes of it here,
 * and that `closed` ones take no more money. Throws `conflict` when the attempt is no longer the one to pay.
 */
export async function openAttempt(
  db: Db,
  payment: Payment,
  made: { providerRef: string; expiresAt?: number; closed: Payment[]; now: number },
) {
  const { providerRef, expiresAt, now } = made;
  const isIt = eq(payments.id, payment.id);
  const rows = await commit(db, [
    db.update(payments).set({ providerRef, expiresAt: expiresAt ?? null }).where(isIt),
    db.update(payments).set({ status: "open", updatedAt: now })
      .where(and(isIt, inArray(payments.status, ["created", "open"]))),
    closing(db, made.closed, now),
  ]);
  if (rows[1] === 1) return;
  throw new Problem("conflict", "This payment has changed meanwhile. This is how it stands.");
}

/** Notes that providers were told that these attempts take no more money. */
export const markClosed = (db: Db, closed: Payment[], now: number) =>
  commit(db, [closing(db, closed, now)]);

const closing = (db: Db, closed: Payment[], now: number) =>
  db.update(payments).set({ closedAt: now }).where(
    inArray(payments.id, closed.map(({ id }) => id)),
  );

/** Whether the caller may ask the provider about an attempt now: nobody did in the last seconds. */
export async function claimAsk(db: Db, payment: Payment, now: number): Promise<boolean> {
  const [rows] = await commit(db, [
    db.update(payments).set({ askedAt: now }).where(and(
      eq(payments.id, payment.id),
      or(isNull(payments.askedAt), lte(payments.askedAt, now - ASK_AGAIN)),
    )),
  ]);
  return rows === 1;
}

/**
 * The client names the transaction they paid with: a hint for the watcher, no state changes. Throws `invalid` on
 * `tx_hash` for what names none, `conflict` where nothing is awaited.
 */
export async function hintTransaction(db: Db, payment: Payment, tx = "") {
  const usdtTx = readTx(tx, payment.network);
  if (!usdtTx) {
    throw new Problem("invalid", "Copy the transaction's hash: 64 letters and digits.", "tx_hash");
  }
  const waits = ["created", "open", "processing", "expired", "voided", "failed"] as const;
  const [rows] = await commit(db, [
    db.update(payments).set({ usdtTx }).where(and(
      eq(payments.id, payment.id),
      eq(payments.method, "usdt"),
      inArray(payments.status, waits),
    )),
  ]);
  if (rows !== 1) throw new Problem("conflict", "This payment is not waiting for a transfer.");
}
