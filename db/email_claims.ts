import { and, eq, gt, inArray, isNull, lt, or, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import { commitAndTell, type Db } from "./client.ts";
import type { Email } from "./emails.ts";
import { APART } from "./job_leases.ts";
import { rowAsJson, rowOf } from "./json_rows.ts";
import { placeholders, writeOnce } from "./prepared.ts";
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
  const times = { now, leaseUntil: now + LEASE, tooLong: now + LEASE + APART };
  const [, , claimed = []] = await commitAndTell(db, [
    claim(db, { ...times, leaseToken, limit, half: Math.ceil(limit / 2) }),
    { sql: BEGUN, args: [now, leaseToken] },
    readClaimed(db, { leaseToken }),
  ]);
  return claimed.map(dueIn);
}

const { status, nextTryAt, leaseUntil } = emailNotifications;
const mine = sql`${sql.placeholder("leaseToken")}`;
const at = placeholders("now", "leaseUntil", "tooLong", "limit", "half");

const claim = writeOnce((db) =>
  db.update(emailNotifications).set({
    ...{ status: "sending", leaseToken: mine, leaseUntil: sql`${at.leaseUntil}` },
    attempts: sql`${emailNotifications.attempts} + 1`,
  }).where(sql`${emailNotifications.id} in (${dueIds()})`)
);

const BEGUN = `insert into email_attempts (email_id, at, error)
  select id, ?, 'unfinished' from email_notifications where status = 'sending' and lease_token = ?`;

const readClaimed = writeOnce((db) =>
  withBooking(db).where(and(eq(status, "sending"), eq(emailNotifications.leaseToken, mine)))
    .orderBy(emailNotifications.id)
);

/**
 * Half of them the newest, so that nobody waits behind the thousands that the clock may write at once; each part is
 * read in the order of the index, however many wait.
 */
function dueIds(): SQL {
  const due = (which: EmailStatus) => sql`${status} = ${which} and ${nextTryAt} <= ${at.now}`;
  const isOver = or(lt(leaseUntil, at.now), gt(leaseUntil, at.tooLong));
  const first = (where: SQL, n: Placeholder) =>
    sql`select id from (select id from ${emailNotifications} where ${where} limit ${n})`;
  return sql`select distinct id from (
    ${first(sql`${due("queued")} order by ${nextTryAt} desc`, at.half)}
    union all ${first(sql`${due("failed")} order by ${nextTryAt}`, at.limit)}
    union all ${first(sql`${status} = 'sending' and ${isOver}`, at.limit)}
    union all ${first(sql`${due("queued")} order by ${nextTryAt}`, at.limit)}
  ) limit ${at.limit}`;
}

const isOpen = sql`${users.passwordHash} is not null and ${users.emailVerifiedAt} is not null`;

const withBooking = (db: Db) =>
  db.select({
    email: rowAsJson(emailNotifications).as("email"),
    attemptId: sql<number>`(select max(id) from ${emailAttempts}
      where ${emailAttempts.emailId} = ${emailNotifications.id})`.as("attemptId"),
    suppressed: isSuppressed.as("suppressed"),
    repeated: isRepeated.as("repeated"),
    moneyComes: moneyComes(db).as("moneyComes"),
    booking: joined(serviceBookings).as("booking"),
    userId: sql<number | null>`${users.id}`.as("userId"),
    hasPassword: sql<boolean>`${isOpen}`.as("hasPassword"),
    payment: joined(payments).as("payment"),
  }).from(emailNotifications)
    .leftJoin(serviceBookings, eq(serviceBookings.id, emailNotifications.bookingId))
    .leftJoin(users, eq(users.email, emailNotifications.recipientEmail))
    .leftJoin(payments, eq(payments.id, sql`${emailNotifications.params} ->> 'paymentId'`));

/** A row that may not be there. */
const joined = (table: typeof serviceBookings | typeof payments) =>
  sql<string | null>`case when ${table.id} is not null then ${rowAsJson(table)} end`;

/** What a row of `withBooking` says. */
const dueIn = (row: Record<string, unknown>): DueEmail => ({
  email: rowOf(emailNotifications, String(row.email)) as Email,
  attemptId: Number(row.attemptId),
  suppressed: Boolean(row.suppressed),
  repeated: Boolean(row.repeated),
  moneyComes: Boolean(row.moneyComes),
  booking: rowOf(serviceBookings, row.booking as string | null) ?? null,
  recipient: row.userId === null
    ? null
    : { id: Number(row.userId), hasPassword: Boolean(row.hasPassword) },
  payment: rowOf(payments, row.payment as string | null) ?? null,
});

/** Mails that count as sent though nobody has written them: the demo's. */
export const listUnwritten = async (db: Db): Promise<DueEmail[]> =>
  (await withBooking(db).where(and(eq(status, "sent"), isNull(emailNotifications.subject))))
    .map(dueIn);

/** Keeps mails that are still on their way the sender's for another lease. */
export async function holdEmails(db: Db, emails: Email[], now: number) {
  if (emails.length === 0) return;
  const tokens = new Set(emails.flatMap(({ leaseToken }) => leaseToken ?? []));
  await db.update(emailNotifications).set({ leaseUntil: now + LEASE }).where(and(
    eq(emailNotifications.status, "sending"),
    inArray(emailNotifications.leaseToken, [...tokens]),
  ));
}
