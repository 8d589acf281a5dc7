import { audited } from "./audit.ts";
import type { Change } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { Problem } from "./problem.ts";
import { type DueRefund, failedStatements, succeededStatements } from "./refund_results.ts";
import { waitsForProof } from "./refund_rules.ts";
import type { Refund } from "./refunds.ts";

/** An admin has sent the money and says where that is found. Throws `conflict` unless it waits for that. */
export async function proveRefund(db: Db, due: DueRefund, by: Change & { reference: string }) {
  assertWaits(due.refund);
  const { reference, now } = by;
  await commit(db, [
    ...succeededStatements(db, due, { providerRef: reference, now }),
    audited(db, by, decisionOn(due, "prove", { reference })),
  ]);
}

/** An admin could not send the money. Throws `conflict` unless the refund waits for that. */
export async function giveUpRefund(db: Db, due: DueRefund, by: Change & { note: string }) {
  assertWaits(due.refund);
  await commit(db, [
    ...failedStatements(db, due, { error: by.note, now: by.now }),
    audited(db, by, decisionOn(due, "fail", { reason: by.note })),
  ]);
}

function assertWaits(refund: Refund) {
  if (waitsForProof(refund)) return;
  throw new Problem("conflict", "This refund does not wait for anybody any more.");
}

const decisionOn = (
  { refund, booking }: DueRefund,
  what: string,
  after: Record<string, string>,
) => ({
  action: `refund.${what}`,
  subject: booking.reference,
  before: { refund: refund.id, status: refund.status, amountMinor: refund.amountMinor },
  after: { refund: refund.id, ...after },
});
