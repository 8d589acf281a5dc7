import { and, isNull } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import type { Change } from "./booking_moves.ts";
import { type ChainTransfer, findTransfer, isTransfer } from "./chain_transfers.ts";
import { commit, type Db, type Statement } from "./client.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { chainTransfers } from "./schema.ts";
import { tellTransfer } from "./transfer_notices.ts";
import { usdtText } from "./usdt.ts";

/**
 * A person knows whose money it is: from here on it goes the way of any other transfer for this attempt. Throws
 * `invalid` for an attempt on another rail, and `conflict` where it is not final, or somebody's already.
 */
export async function assignTransfer(
  db: Db,
  transfer: ChainTransfer,
  payment: Payment,
  by: Change,
) {
  if (payment.method !== "usdt") {
    throw new Problem("invalid", "Choose a payment that was begun with USDT.", "payment");
  }
  if (transfer.confirmedAt === null) {
    throw new Problem("conflict", "This transfer is not final yet. Try again in a few minutes.");
  }
  const update = db.update(chainTransfers).set({ paymentId: payment.id }).where(isOpen(transfer));
  await decide(db, update, { ...by, transfer, action: "transfer.assign", payment: payment.id });
  await tellTransfer(db, { transfer: await findTransfer(db, transfer), payment }, by.now);
}

/** It pays nothing of ours, such as money that the agency sent itself. Throws `conflict` as above. */
export async function dismissTransfer(db: Db, transfer: ChainTransfer, by: Change) {
  const update = db.update(chainTransfers).set({ settledAt: by.now }).where(isOpen(transfer));
  await decide(db, update, { ...by, transfer, action: "transfer.dismiss" });
}

const isOpen = (transfer: ChainTransfer) =>
  and(
    isTransfer(transfer),
    isNull(chainTransfers.paymentId),
    isNull(chainTransfers.settledAt),
    isNull(chainTransfers.removedAt),
  );

async function decide(
  db: Db,
  update: Statement,
  by: Change & { transfer: ChainTransfer; action: string; payment?: string },
) {
  const { transfer: { network, tx, logIndex, micro }, action, payment = null } = by;
  const after = { network, logIndex, usdt: usdtText(micro), payment, note: by.note ?? null };
  const [rows] = await commit(db, [update, auditedIfDone(by, { action, subject: tx, after })]);
  if (rows !== 1) throw new Problem("conflict", "Somebody has looked after this transfer already.");
}
