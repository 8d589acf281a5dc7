import { and, count, eq, lt, ne, type SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { lineWaits } from "./bank_lines.ts";
import { isUnmatched } from "./chain_transfers.ts";
import { commit, type Db } from "./client.ts";
import { isDead } from "./email_lists.ts";
import { needingPayments } from "./payment_needs.ts";
import { awakeSince, isQuiet, localTime } from "./quiet_hours.ts";
import { toMend } from "./refund_finders.ts";
import {
  bankLines,
  chainTransfers,
  emailNotifications,
  payments,
  refunds,
  serviceBookings,
} from "./schema.ts";

/**
 * Writes to everyone who sees all bookings what has waited for somebody since before eight o'clock, once on each day
 * of the agency, then or when the clock is minded again; nothing where nothing waits. What comes by day is written
 * of at once, and the next morning. Returns how many digests it queued.
 */
export async function sendDigest(db: Db, now: number, { zone }: { zone: string }): Promise<number> {
  if (isQuiet(now, zone)) return 0;
  const { day } = localTime(now, zone);
  const lines = (await readWaiting(db, now, awakeSince(now, zone))).filter(({ n }) => n > 0);
  if (lines.length === 0) return 0;
  const total = lines.reduce((sum, { n }) => sum + n, 0);
  const list = lines.map(({ n, words }) => `${words}: ${n}`).join("\n");
  const params = JSON.stringify({ count: total, list, staff: 1 });
  const [queued = 0] = await commit(db, [{
    sql: `insert into email_notifications (key, template, recipient_name, recipient_email,
        params, next_try_at, created_at)
      select ? || id, 'staff_digest', name, email, ?, ?, ? from admins
      where deactivated_at is null and role <> 'agent' on conflict (key) do nothing`,
    args: [`staff_digest.${day}.`, params, now, now],
  }]);
  return queued;
}

type Line = { n: number; words: string };

/** How much of each kind waits now that came before `before`. */
async function readWaiting(db: Db, now: number, before: number): Promise<Line[]> {
  const waiting = (table: SQLiteTable, came: SQLiteColumn, which: SQL | undefined) =>
    db.select({ n: count() }).from(table).where(and(which, lt(came, before)));
  const { status, urgency, createdAt } = serviceBookings;
  const pending = (which: SQL) =>
    waiting(serviceBookings, createdAt, and(eq(status, "pending"), which));
  const [urgent, others, undecided, back, lines, transfers, dead] = await db.batch([
    pending(eq(urgency, "urgent")),
    pending(ne(urgency, "urgent")),
    waiting(payments, payments.createdAt, needingPayments),
    waiting(refunds, refunds.createdAt, toMend(db, now)),
    waiting(bankLines, bankLines.createdAt, lineWaits),
    waiting(chainTransfers, chainTransfers.seenAt, isUnmatched),
    waiting(emailNotifications, emailNotifications.createdAt, isDead),
  ]);
  const words = [
    [urgent, "Urgent bookings to review"],
    [others, "Other bookings to review"],
    [undecided, "Payments to decide"],
    [back, "Refunds to see to"],
    [lines, "Lines of bank statements to match"],
    [transfers, "USDT to match"],
    [dead, "Mails that could not be sent"],
  ] as const;
  return words.map(([rows, words]) => ({ n: rows[0]?.n ?? 0, words }));
}
