import { and, eq, inArray, isNull, notExists, or, sql } from "drizzle-orm";
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

/** What the ledger is told of an attempt for which nothing came. */
export const lapse = ({ id, network, usdtMicro }: Payment, now: number): Notice => ({
  ...{ provider: `usdt-${network}`, eventId: `${id}:ended`, paymentId: id, bodyHash: null },
  ...{ kind: "quote.ended", outcome: "expired", amount: usdtMicro ?? 0, currency: "USDT", at: now },
});
