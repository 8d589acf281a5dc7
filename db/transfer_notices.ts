import { and, eq, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { type ChainTransfer, isTransfer } from "./chain_transfers.ts";
import { commit, type Db } from "./client.ts";
import { type Notice, takeNotice } from "./payment_notices.ts";
import type { Payment } from "./payments.ts";
import { chainTransfers, type Network, payments } from "./schema.ts";

export type Told = { transfer: ChainTransfer; payment: Payment };

/** Transfers whose attempt is known and whose ledger is not: in a block, or final. */
export async function listTransfersToTell(db: Db, network: Network): Promise<Told[]> {
  return await db.select({ transfer: chainTransfers, payment: payments }).from(chainTransfers)
    .innerJoin(payments, eq(payments.id, chainTransfers.paymentId))
    .where(and(
      eq(chainTransfers.network, network),
      isNull(chainTransfers.settledAt),
      isNull(chainTransfers.removedAt),
      or(isNotNull(chainTransfers.confirmedAt), inArray(payments.status, ["created", "open"])),
    ));
}

/** What every word on a transfer says. */
function factsOf({ transfer, payment }: Told) {
  const { network, tx, logIndex, micro, minedAt } = transfer;
  const id = `${tx}:${logIndex}`;
  const facts = {
    ...{ provider: `usdt-${network}`, paymentId: payment.id, bodyHash: null, currency: "USDT" },
    ...{ amount: micro, at: minedAt, providerPayment: id },
    reason: network === payment.network ? undefined : "chain",
  };
  return { id, facts };
}

/** That a transfer was seen which nobody watches any more: should it be final one day, it was told already. */
export function unconfirmed(payment: Payment, transfer: ChainTransfer): Notice {
  const { id, facts } = factsOf({ payment, transfer });
  const reason = facts.reason ?? "unconfirmed";
  return { ...facts, reason, eventId: `${id}:left`, kind: "transfer.left", outcome: "succeeded" };
}

/** Tells the ledger that a transfer was seen, or that it is final. Told again, nothing happens. */
export async function tellTransfer(db: Db, { transfer, payment }: Told, now: number) {
  const { confirmedAt } = transfer;
  const { id, facts: seen } = factsOf({ transfer, payment });
  if (confirmedAt === null) {
    const notice = { ...seen, eventId: `${id}:seen`, kind: "transfer.seen" };
    return await takeNotice(db, { ...notice, outcome: "processing" }, now);
  }
  const notice = { ...seen, eventId: id, kind: "transfer.confirmed" };
  await takeNotice(db, { ...notice, outcome: "succeeded" }, now);
  await commit(db, [
    db.update(chainTransfers).set({ settledAt: now }).where(isTransfer(transfer)),
  ]);
}
