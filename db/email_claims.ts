import { and, eq, gt, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import type { Email } from "./emails.ts";
import { APART } from "./job_leases.ts";
import { isRepeated, moneyComes } from "./reminder_mails.ts";
import {
  emailAttempts,
  emailNotifications,
  type EmailStatus,
  payments,
  serviceBookings,
  users,
} from "./schema.ts";
import { isSuppressed } from "./suppressions.ts";
import { randomToken } from "./tokens.ts";

/** A claimed row with what its links need. */
export type DueEmail = {
  email: Email;
  /** The row of `email_attempts` that this try is. */
  attemptId: number;
  /** Its address takes no mail of ours. */
  suppressed: boolean;
  /** The next reminder of the same is queued already. */
  repeated: boolean;
  /** Money for its booking is on its way or waits for a decision. */
  moneyComes: boolean;
  booking: Booking | null;
  recipient: { id: number; hasPassword: boolean } | null;
  /** The attempt to pay that the mail is about. */
  payment: typeof payments.$inferSelect | null;
};

/** How long a mail is a sender's without their saying so again, in milliseconds. */
export const LEASE = 20_000;

/**
 * Claims up to `limit` due mails for this process: queued ones, failed ones whose time has come, and those
 * whose sender died (lease over). The try is recorded before it is made, so that a crash leaves its trace.
 */
export async function claimEmails(db: Db, now: number, limit = 20): Promise<DueEmail[]> {
  const leaseToken = randomToken();
  const held = heldWith(leaseToken);
  const [, , claimed] = await db.batch([
    db.update(emailNotifications).set({
      ...{ status: "sending", leaseToken, leaseUntil: now + LEASE },
      attempts: sql`${emailNotifications.attempts} + 1`,
    }).where(sql`${emailNotifications.id} in (${dueIds(now, limit)})`),
    db.run(sql`insert into email_attempts (email_id, at, error)
      select id, ${now}, 'unfinished' from ${emailNotifications} where ${held}`),
    withBooking(db).where(held).orderBy(emailNotifications.id),
  ]);
  return claimed;
}

const heldWith = (leaseToken: string) =>
  and(eq(emailNotifications.status, "sending"), eq(emailNotifications.leaseToken, leaseToken));

/**
 * Half of them the newest, so that nobody waits behind the thousands that the clock may write at once; each part is
 * read in the order of the index, however many wait.
 */
function dueIds(now: number, limit: number): SQL {
  const { status, nextTryAt } = emailNotifications;
  const due = (which: EmailStatus) => sql`${status} = ${which} and ${nextTryAt} <= ${now}`;
  const first = (where: SQL, n: number) =>
    sql`select id from (select id from ${emailNotifications} where ${where} limit ${n})`;
  return sql`select distinct id from (
    ${first(sql`${due("queued")} order by ${nextTryAt} desc`, Math.ceil(limit / 2))}
    union all ${first(sql`${due("failed")} order by ${nextTryAt}`, limit)}
    union all ${first(sql`${status} = 'sending' and ${isOver(now)}`, limit)}
    union all ${first(sql`${due("queued")} order by ${nextTryAt}`, limit)}
  ) limit ${limit}`;
}

const isOver = (now: number) =>
  or(
    lt(emailNotifications.leaseUntil, now),
    gt(emailNotifications.leaseUntil, now + LEASE + APART),
  );

const isOpen = sql<
  boolean
>`${users.passwordHash} is not null and ${users.emailVerifiedAt} is not null`;

const withBooking = (db: Db) =>
  db.select({
    email: emailNotifications,
    attemptId: sql<number>`(select max(id) from ${emailAttempts}
      where ${emailAttempts.emailId} = ${emailNotifications.id})`,
    ...{ suppressed: isSuppressed, repeated: isRepeated, moneyComes: moneyComes(db) },
    booking: serviceBookings,
    recipient: { id: users.id, hasPassword: isOpen.mapWith(Boolean) },
    payment: payments,
  }).from(emailNotifications)
    .leftJoin(serviceBookings, eq(serviceBookings.id, emailNotifications.bookingId))
    .leftJoin(users, eq(users.email, emailNotifications.recipientEmail))
    .leftJoin(payments, eq(payments.id, sql`${emailNotifications.params} ->> 'paymentId'`));

/** Mails that count as sent though nobody has written them: the demo's. */
export const listUnwritten = (db: Db): Promise<DueEmail[]> =>
  withBooking(db).where(
    and(eq(emailNotifications.status, "sent"), isNull(emailNotifications.subject)),
  );

/** Keeps mails that are still on their way the sender's for another lease. */
export async function holdEmails(db: Db, emails: Email[], now: number) {
  if (emails.length === 0) return;
  const tokens = new Set(emails.flatMap(({ leaseToken }) => leaseToken ?? []));
  await db.update(emailNotifications).set({ leaseUntil: now + LEASE }).where(and(
    eq(emailNotifications.status, "sending"),
    inArray(emailNotifications.leaseToken, [...tokens]),
  ));
}
