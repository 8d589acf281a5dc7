import { and, asc, eq, gt, inArray, notExists, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { inFlight } from "./payment_status.ts";
import { isQuiet } from "./quiet_hours.ts";
import { emailNotifications, payments, serviceBookings } from "./schema.ts";

const DAY = 86_400_000;
/** Days after the price was told on which a client who has not paid is reminded. */
const REMIND_ON = [6, 3, 1];
const BATCH = 50;

/**
 * Reminds every client who owes a price of it, on day 1, 3 and 6, never twice within a day and never at night in
 * `zone`. After an outage the last reminder stands for those that were missed. Nobody is reminded whose money is
 * on its way or waits for a decision. Returns how many reminders it queued.
 */
export async function remindToPay(
  db: Db,
  now: number,
  { zone }: { zone: string },
): Promise<number> {
  if (isQuiet(now, zone)) return 0;
  let reminded = 0;
  for (let after = 0;;) {
    const owing = await listOwing(db, now, after);
    const due = owing.flatMap((booking) => reminderOf(db, booking, now));
    if (due.length > 0) reminded += (await commit(db, due)).reduce((sum, rows) => sum + rows, 0);
    if (owing.length < BATCH) return reminded;
    after = owing.at(-1)?.id ?? after;
  }
}

/** Bookings that wait for nothing but the client's money and were not reminded in the last day. */
async function listOwing(db: Db, now: number, after: number): Promise<Booking[]> {
  const { id, status, payBy } = serviceBookings;
  const held = db.select({ one: sql`1` }).from(payments).where(and(
    eq(payments.bookingId, id),
    inArray(payments.status, [...inFlight, "needs_review"]),
  ));
  const lately = db.select({ one: sql`1` }).from(emailNotifications).where(and(
    eq(emailNotifications.bookingId, id),
    eq(emailNotifications.template, "payment_reminder"),
    gt(emailNotifications.createdAt, now - DAY),
  ));
  return await db.select().from(serviceBookings)
    .where(and(
      inArray(status, ["approved", "payment_pending"]),
      gt(payBy, now),
      gt(id, after),
      notExists(held),
      notExists(lately),
    )).orderBy(asc(id)).limit(BATCH);
}

/** The key counts from the day the price was told, so that a price told again is reminded of again. */
function reminderOf(db: Db, booking: Booking, now: number): Statement[] {
  const told = (booking.payBy ?? 0) - PAY_WITHIN;
  const day = REMIND_ON.find((day) => now >= told + day * DAY);
  if (day === undefined) return [];
  const once = `${Math.floor(told / 60_000)}-${day}`;
  return [mailToClient(db, booking, { template: "payment_reminder", now, once })];
}
