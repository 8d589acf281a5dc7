import { and, asc, eq, gt, isNotNull, type SQL, sql } from "drizzle-orm";
import { refreshAttention, UNTIL_ATTENTION } from "./attention.ts";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import { isQuiet, onOneDay } from "./quiet_hours.ts";
import { serviceBookings } from "./schema.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BATCH = 50;
/** How long somebody waits until whoever works here is reminded of what the clock cannot answer. */
const REMIND_AFTER = [UNTIL_ATTENTION, 48 * HOUR, 70 * HOUR];
/** Hours until somebody whom no time was promised has waited too long: those of a usual booking. */
const PATIENCE = { low: 96, medium: 96, high: 72, urgent: 72 };

/**
 * Notes what needs a person, and writes to those who work here at 24, 48 and 70 hours of waiting and when the
 * time to answer is over, once a day at most; then to the client too, once. After an outage the last reminder
 * stands for all that were missed; nobody is written to at night in `zone`. Returns how many notes and reminders
 * it made.
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
    const due = waiting.map((row) => remindersOf(db, row, { now, zone }))
      .filter((mails) => mails.length > 0);
    if (due.length > 0) await commit(db, due.flat());
    reminded += due.length;
    if (waiting.length < BATCH) return noted + reminded;
    after = waiting.at(-1)?.booking.id ?? after;
  }
}

type Waiting = { booking: Booking; remindedAt: number | null; told: number };

async function listWaiting(db: Db, after: number): Promise<Waiting[]> {
  const { id, status, attention } = serviceBookings;
  return await db.select({
    booking: serviceBookings,
    remindedAt: ofMails<number | null>(sql`max(created_at)`, "approval_reminder"),
    told: ofMails<number>(sql`count(*)`, "approval_delayed"),
  }).from(serviceBookings)
    .where(and(eq(status, "pending"), isNotNull(attention), gt(id, after)))
    .orderBy(asc(id)).limit(BATCH);
}

const ofMails = <T>(what: SQL, template: string) =>
  sql<T>`(select ${what} from email_notifications where booking_id = service_bookings.id
    and template = ${template})`;

type Asked = { now: number; zone: string };

/** What is to be written about a booking now, if anything. */
function remindersOf(db: Db, { booking, remindedAt, told }: Waiting, asked: Asked): Statement[] {
  const { now } = asked;
  const since = booking.updatedAt;
  const deadline = booking.autoApproveAt ?? since + PATIENCE[booking.urgency] * HOUR;
  const stages = [...REMIND_AFTER.map((after) => since + after), deadline];
  const reached = Math.max(...stages.filter((at) => at <= now));
  const late = deadline <= now && told === 0;
  return [
    ...(isReminded(remindedAt, reached, asked) ? [] : [reminder(booking, reached, now)]),
    ...(late ? [mailToClient(db, booking, { ...delayed, now })] : []),
  ];
}

/** Nothing is said of a stage twice, or on a day on which another one was spoken of. */
const isReminded = (remindedAt: number | null, reached: number, { now, zone }: Asked) =>
  !Number.isFinite(reached) ||
  (remindedAt !== null && (remindedAt >= reached || onOneDay(remindedAt, now, zone)));

function reminder(booking: Booking, reached: number, now: number): Statement {
  const once = `${booking.version}-${Math.floor((reached - booking.updatedAt) / MINUTE)}`;
  const params = { reason: booking.attention };
  return mailToAdmins(booking, { template: "approval_reminder", now, once, params });
}

const delayed = { template: "approval_delayed", once: "once" } as const;
