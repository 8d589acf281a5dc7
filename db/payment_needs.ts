import { and, count, eq, gt, inArray, isNotNull, or, type SQL, sql } from "drizzle-orm";
import { linesFor } from "./bank_lines.ts";
import { isUnmatched } from "./chain_transfers.ts";
import type { Db } from "./client.ts";
import { forPerson } from "./payment_status.ts";
import { toMend } from "./refund_finders.ts";
import { bankLines, chainTransfers, payments, refunds, serviceBookings } from "./schema.ts";
import { seenBy, seesAll, type Viewer } from "./viewers.ts";

/** Which payments need a person: in SQL what `needsPerson` says of one. */
export const needingPayments = or(
  inArray(payments.status, forPerson),
  and(eq(payments.status, "open"), eq(payments.method, "bank")),
  and(
    eq(payments.status, "succeeded"),
    or(
      isNotNull(payments.disputedAt),
      and(
        eq(payments.reason, "doubled"),
        gt(sql`${payments.receivedMinor} - ${payments.refundedMinor}`, payments.settledMinor),
      ),
    ),
  ),
) as SQL;

/**
 * How many questions of money wait for `viewer`, an admin, as /admin/payments asks them: payments, refunds, lines
 * of statements and USDT that nobody knows the payment of. Rows to add up, for a batch.
 */
export function countNeeds(db: Db, viewer: Viewer, now: number) {
  const seen = seenBy(viewer);
  const seesEverything = viewer.kind === "admin" ? seesAll(viewer.id) : sql`false`;
  return db.select({ n: count() }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
    .where(and(seen, needingPayments))
    .unionAll(
      db.select({ n: count() }).from(refunds)
        .innerJoin(payments, eq(payments.id, refunds.paymentId))
        .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
        .where(and(seen, toMend(db, now))),
    )
    .unionAll(db.select({ n: count() }).from(bankLines).where(linesFor(viewer)))
    .unionAll(
      db.select({ n: count() }).from(chainTransfers).where(and(isUnmatched, seesEverything)),
    );
}
