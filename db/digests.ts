import { and, count, eq, isNull, ne } from "drizzle-orm";
import { lineWaits } from "./bank_lines.ts";
import { isUnmatched } from "./chain_transfers.ts";
import { commit, type Db } from "./client.ts";
import { needingPayments } from "./payment_needs.ts";
import { isQuiet, localTime } from "./quiet_hours.ts";
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
 * Writes to everyone who sees all bookings what waits for somebody, once on each day of the agency, from eight
 * o'clock; nothing where nothing waits. Returns how many digests it queued.
 */
export async function sendDigest(db: Db, now: number, { zone }: { zone: string }): Promise<number> {
  if (isQuiet(now, zone)) return 0;
  const { day } = localTime(now, zone);
  const lines = (await readWaiting(db, now)).filter(({ n }) => n > 0);
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

async function readWaiting(db: Db, now: number): Promise<Line[]> {
  const pending = eq(serviceBookings.status, "pending");
  const ofBookings = (urgent: boolean) =>
    db.select({ n: count() }).from(serviceBookings)
      .where(and(pending, (urgent ? eq : ne)(serviceBookings.urgency, "urgent")));
  const [urgent, others, undecided, back, lines, transfers, dead] = await db.batch([
    ofBookings(true),
    ofBookings(false),
    db.select({ n: count() }).from(payments).where(needingPayments),
    db.select({ n: count() }).from(refunds).where(toMend(db, now)),
    db.select({ n: count() }).from(bankLines).where(lineWaits),
    db.select({ n: count() }).from(chainTransfers).where(isUnmatched),
    db.select({ n: count() }).from(emailNotifications)
      .where(and(eq(emailNotifications.status, "dead"), isNull(emailNotifications.dismissedAt))),
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
