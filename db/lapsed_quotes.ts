import { and, asc, eq, inArray, isNull, notExists, notInArray, or, sql } from "drizzle-orm";
import type { ChainTransfer } from "./chain_transfers.ts";
import type { Db } from "./client.ts";
import type { Notice } from "./payment_notices.ts";
import type { Payment } from "./payments.ts";
import { chainTransfers, type Network, payments } from "./schema.ts";

/** After the end of a quote: what was sent in its last minute needs a block, in milliseconds. */
const GRACE = 600_000;
/** For how long a transfer that a reorganisation took away may come back, in milliseconds. */
const COMES_BACK = 3 * 3_600_000;

/**
 * Attempts whose quote is over and for which nothing lies on their chain, which was read up to `readUntil`. One
 * whose transfer a reorganisation took away waits longer.
 */
export async function listLapsed(db: Db, network: Network, readUntil: number): Promise<Payment[]> {
  const gone = sql`case ${payments.status} when 'processing' then ${COMES_BACK} else ${GRACE} end`;
  const { paymentId, removedAt } = chainTransfers;
  return await db.select().from(payments).where(and(
    eq(payments.network, network),
    inArray(payments.status, ["created", "open", "processing"]),
    sql`${payments.expiresAt} + ${gone} <= ${readUntil}`,
    notExists(
      db.select({ one: sql`1` }).from(chainTransfers).where(and(
        eq(paymentId, payments.id),
        or(isNull(removedAt), sql`${removedAt} + ${COMES_BACK} > ${readUntil}`),
      )),
    ),
  ));
}

/** An attempt on a network that is not read any more, and the transfer that was seen for it there. */
export type Left = { payment: Payment; transfer: ChainTransfer | null };

/** Attempts whose quote is over for good, on networks that are not among the `watched`. */
export async function listLeft(
  db: Db,
  { watched, now }: { watched: Network[]; now: number },
): Promise<Left[]> {
  const { paymentId, removedAt } = chainTransfers;
  const rows = await db.select({ payment: payments, transfer: chainTransfers }).from(payments)
    .leftJoin(chainTransfers, and(eq(paymentId, payments.id), isNull(removedAt)))
    .where(and(
      eq(payments.method, "usdt"),
      notInArray(payments.network, watched),
      inArray(payments.status, ["created", "open", "processing"]),
      sql`${payments.expiresAt} + ${COMES_BACK} <= ${now}`,
    )).orderBy(asc(chainTransfers.minedAt));
  return [...new Map(rows.map((row) => [row.payment.id, row])).values()];
}

/** What the ledger is told of an attempt for which nothing came. */
export const lapse = ({ id, network, usdtMicro }: Payment, now: number): Notice => ({
  ...{ provider: `usdt-${network}`, eventId: `${id}:ended`, paymentId: id, bodyHash: null },
  ...{ kind: "quote.ended", outcome: "expired", amount: usdtMicro ?? 0, currency: "USDT", at: now },
});
