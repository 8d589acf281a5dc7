import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { notFound } from "./problem.ts";
import { chainTransfers, networks } from "./schema.ts";

export type ChainTransfer = typeof chainTransfers.$inferSelect;
export type TransferKey = Pick<ChainTransfer, "network" | "tx" | "logIndex">;

/** What came for an attempt, newest first; what a reorganisation took away comes last. */
export async function listTransfersOf(db: Db, paymentId: string): Promise<ChainTransfer[]> {
  const rows = await db.select().from(chainTransfers).where(eq(chainTransfers.paymentId, paymentId))
    .orderBy(isNotNull(chainTransfers.removedAt), desc(chainTransfers.minedAt));
  return rows;
}

const UNMATCHED = 100;

/** Money that nobody knows the attempt of, newest first: a person assigns it or sets it aside. */
export async function listUnmatchedTransfers(db: Db): Promise<ChainTransfer[]> {
  return await db.select().from(chainTransfers).where(isUnmatched)
    .orderBy(desc(chainTransfers.minedAt)).limit(UNMATCHED);
}

export const isUnmatched = and(
  inArray(chainTransfers.network, [...networks]),
  isNull(chainTransfers.settledAt),
  sql`+${chainTransfers.paymentId} is null`,
  isNull(chainTransfers.removedAt),
);

/** Throws `not_found`. */
export async function findTransfer(db: Db, key: TransferKey): Promise<ChainTransfer> {
  const found = await db.select().from(chainTransfers).where(isTransfer(key)).get();
  if (!found) throw notFound();
  return found;
}

export const isTransfer = ({ network, tx, logIndex }: TransferKey) =>
  and(
    eq(chainTransfers.network, network),
    eq(chainTransfers.tx, tx),
    eq(chainTransfers.logIndex, logIndex),
  );
