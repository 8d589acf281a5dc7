import { and, asc, eq, gt, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { whyNot } from "./auto_approval.ts";
import { type Booking, noteAttention } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import { isQuiet } from "./quiet_hours.ts";
import { serviceBookings } from "./schema.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BATCH = 50;
/** Hours of waiting after which whoever works here is reminded of what the clock cannot answer. */
const REMIND_AFTER = [24, 48, 70];
/** Hours until somebody whom no time was promised has waited too long: those of a usual booking. */
const PATIENCE = { low: 96, medium: 96, high: 72, urgent: 72 };

/**
 * Notes with each pending booking why the clock cannot answer it. One that had a time promised says so at once;
 * one that was always for a person only when it has waited a day. Belongs to every batch that changes an answer, about all or the one with
 * `reference`.
 */
export function refreshAttention(db: Db, now: number, reference?: string): Statement {
  const { heldAt, autoApproveAt, updatedAt } = serviceBookings;
  const waited = sql`${updatedAt} <= ${now - (REMIND_AFTER[0] ?? 0) * HOUR}`;
  const told = sql`${heldAt} is null and (${autoApproveAt} is not null or ${waited})`;
  return noteAttention(db, sql`case when ${told} then ${whyNot} end`, reference);
}

/** What was just queued about a booking that cannot approve itself does not promise that it does. */
export const promiseNothing = (reference: string): Statement => ({
  sql: `update email_notifications set params = json_set(params, '$.autoApproveAt', null)
    where booking_id = (select id from service_bookings where reference = ? and attention is not null)`,
  args: [reference],
});

/**
 * Notes what needs a person, and writes to those who work here at 24, 48 and 70 hours of waiting and when the
 * time to answer is over; then to the client too, once. After an outage the last reminder stands for all that
 * were missed; nobody is written to at night in `zone`. Returns how many notes and reminders it made.
 */
export async function raiseAttention(
  db: Db,
  now: number,
  { zone }: { zone: string },
): Promise<number> {
  const [noted = 0] = await commit(db, [refreshAttention(db, now)]);
  if (isQuiet(now, zone)) return noted;
  let reminded = 0;
  for (let after = 0;;) {
    const waiting = await listWaiting(db, after);
    const due = waiting.flatMap((row) => remindersOf(db, row, now));
    if (due.length > 0) await commit(db, due.flat());
    reminded += due.length;
    if (waiting.length < BATCH) return noted + reminded;
    after = waiting.at(-1)?.booking.id ?? after;
  }
}

type Waiting = { booking: Booking; remindedAt: number | null; told: number };

async function listWaiting(db: Db, after: number): Promise<Waiting[]> {
  const { id, status, heldAt, attention } = serviceBookings;
  return await db.select({
    booking: serviceBookings,
    remindedAt: ofMails<number | null>(sql`max(created_at)`, "approval_reminder"),
    told: ofMails<number>(sql`count(*)`, "approval_delayed"),
  }).from(serviceBookings)
    .where(and(eq(status, "pending"), isNull(heldAt), isNotNull(attention), gt(id, after)))
    .orderBy(asc(id)).limit(BATCH);
}

const ofMails = <T>(what: SQL, template: string) =>
  sql<T>`(select ${what} from email_notifications where booking_id = service_bookings.id
    and template = ${template})`;

/** One list of statements, or none where nobody is to be reminded now. */
function remindersOf(db: Db, { booking, remindedAt, told }: Waiting, now: number): Statement[][] {
  const since = booking.updatedAt;
  const deadline = booking.autoApproveAt ?? since + PATIENCE[booking.urgency] * HOUR;
  const stages = [...REMIND_AFTER.map((hours) => since + hours * HOUR), deadline];
  const reached = Math.max(...stages.filter((at) => at <= now));
  if (!Number.isFinite(reached) || (remindedAt !== null && remindedAt >= reached)) return [];
  const reason = booking.attention;
  const once = `${booking.version}-${Math.floor((reached - since) / MINUTE)}`;
  const reminder = mailToAdmins(booking, {
    ...{ template: "approval_reminder", now, once, params: { reason } },
  });
  const late = mailToClient(db, booking, { template: "approval_delayed", now, once: "once" });
  return [deadline <= now && told === 0 ? [reminder, late] : [reminder]];
}
