import type { Db, Statement } from "./client.ts";
import { providerOf } from "./kept_notices.ts";
import type { Case } from "./payment_decisions.ts";
import type { Notice } from "./payment_notices.ts";
import { backTold, noteProviderRefund } from "./provider_refunds.ts";
import { cameBackStatements, failedStatements } from "./refund_results.ts";
import type { Refund } from "./refunds.ts";

type Told = { notice: Notice; now: number };

/** What went back of the money that is here, by all that the provider has said so far. */
export const sentBack = (db: Db, found: Case, { notice, now }: Told): Statement[] =>
  noteProviderRefund(db, found, {
    refundedMinor: backTold([...found.sentBack, notice]),
    ...{ actor: providerOf(notice), now },
  });

/** A refund failed, or came back after it had succeeded. */
export function refundFailed(
  db: Db,
  found: Case,
  { notice, refund, now }: Told & { refund: Refund },
): Statement[] {
  const providerRef = notice.refund?.ref || undefined;
  const failure = { error: notice.reason ?? "failed", providerRef, now };
  const statements = refund.status === "succeeded" ? cameBackStatements : failedStatements;
  return statements(db, { ...found, refund }, failure);
}
