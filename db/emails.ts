import { and, desc, eq, inArray, lt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import type { Actor, Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { emailNotifications, payments, serviceBookings, type Template, users } from "./schema.ts";
import { mailSeenBy, type Viewer } from "./viewers.ts";

export type Email = typeof emailNotifications.$inferSelect;
export type MailParams = Email["params"];
/** A claimed row with what its links need. */
export type DueEmail = {
  email: Email;
  booking: Booking | null;
  recipient: { id: number; hasPassword: boolean } | null;
  /** The attempt that the mail is about. */
  payment: typeof payments.$inferSelect | null;
};

const MINUTE = 60_000;
const LEASE = 2 * MINUTE;
const BACKOFF = [1, 5, 15, 60, 180, 360].map((minutes) => minutes * MINUTE);
const MAX_ATTEMPTS = 10;

/** Queues a mail to the client of `booking`; its version makes the key, so that one cause mails once. */
export function mailToClient(
  db: Db,
  booking: Omit<Booking, "id" | "userId"> & { id: number | SQL },
  mail: { template: Template; now: number; params?: MailParams },
): Statement {
  return db.insert(emailNotifications).values({
    key: `${booking.reference}.${mail.template}.${booking.version}`,
    bookingId: booking.id,
    template: mail.template,
    recipientName: booking.clientName,
    recipientEmail: booking.clientEmail,
    params: { ...factsOf(booking), ...mail.params },
    nextTryAt: mail.now,
    createdAt: mail.now,
  });
}

/** Queues a mail to everyone who sees all bookings: a new one is assigned to nobody. */
export function mailToAdmins(
  booking: Omit<Booking, "id" | "userId">,
  mail: { template: Template; now: number },
): Statement {
  const key = `${booking.reference}.${mail.template}.${booking.version}.`;
  const params = JSON.stringify({ ...factsOf(booking), clientName: booking.clientName });
  return {
    sql:
      `insert into email_notifications (key, booking_id, template, recipient_name, recipient_email,
        params, next_try_at, created_at)
      select ? || admins.id, service_bookings.id, ?, admins.name, admins.email, ?, ?, ?
      from admins join service_bookings on service_bookings.reference = ?
      where admins.deactivated_at is null and admins.role <> 'agent'`,
    args: [key, mail.template, params, mail.now, mail.now, booking.reference],
  };
}

/** What a mail says about its booking, as it stood when the mail was caused. */
export function factsOf(booking: Omit<Booking, "id" | "userId">): MailParams {
  const { reference, serviceName, urgency, priceMinor, currency, payBy, autoApproveAt } = booking;
  return { reference, serviceName, urgency, priceMinor, currency, payBy, autoApproveAt };
}

/**
 * Claims up to `limit` due mails for this process: queued ones, failed ones whose time has come, and those
 * whose sender died (lease over).
 */
export async function claimEmails(db: Db, now: number, limit = 20): Promise<DueEmail[]> {
  const due = db.select({ id: emailNotifications.id }).from(emailNotifications).where(or(
    and(
      inArray(emailNotifications.status, ["queued", "failed"]),
      lte(emailNotifications.nextTryAt, now),
    ),
    and(eq(emailNotifications.status, "sending"), lt(emailNotifications.leaseUntil, now)),
  )).orderBy(emailNotifications.id).limit(limit);
  const claimed = await db.update(emailNotifications)
    .set({
      status: "sending",
      leaseUntil: now + LEASE,
      attempts: sql`${emailNotifications.attempts} + 1`,
    })
    .where(inArray(emailNotifications.id, due))
    .returning({ id: emailNotifications.id });
  if (claimed.length === 0) return [];
  return await withBooking(db).where(inArray(emailNotifications.id, claimed.map((row) => row.id)))
    .orderBy(emailNotifications.id);
}

const withBooking = (db: Db) =>
  db.select({
    email: emailNotifications,
    booking: serviceBookings,
    recipient: {
      id: users.id,
      hasPassword: sql<
        boolean
      >`${users.passwordHash} is not null and ${users.emailVerifiedAt} is not null`.mapWith(
        Boolean,
      ),
    },
    payment: payments,
  }).from(emailNotifications)
    .leftJoin(serviceBookings, eq(serviceBookings.id, emailNotifications.bookingId))
    .leftJoin(users, eq(users.email, emailNotifications.recipientEmail))
    .leftJoin(payments, eq(payments.id, sql`${emailNotifications.params} ->> 'paymentId'`));

export async function markSent(db: Db, email: Email, sent: { subject: string; now: number }) {
  await db.update(emailNotifications)
    .set({
      status: "sent",
      subject: sent.subject,
      sentAt: sent.now,
      leaseUntil: null,
      lastError: null,
    })
    .where(eq(emailNotifications.id, email.id));
}

/**
 * Records why a mail did not leave: tried again later, or `dead` when trying again cannot help. Changes nothing
 * when another sender has taken the mail over meanwhile.
 */
export async function markFailed(
  db: Db,
  email: Email,
  failure: { error: string; permanent: boolean; now: number },
) {
  const dead = failure.permanent || email.attempts >= MAX_ATTEMPTS;
  const wait = BACKOFF[Math.min(email.attempts, BACKOFF.length) - 1] ?? MINUTE;
  await db.update(emailNotifications)
    .set({
      status: dead ? "dead" : "failed",
      lastError: failure.error,
      nextTryAt: failure.now + wait,
      leaseUntil: null,
    })
    .where(and(
      eq(emailNotifications.id, email.id),
      eq(emailNotifications.status, "sending"),
      eq(emailNotifications.attempts, email.attempts),
    ));
}

/**
 * Puts a failed or dead mail back into the queue. Throws `not_found`, and `conflict` if it is on its way or has
 * left. Never an invitation: whoever may invite does it again, and so replaces the one that did not arrive.
 */
export async function retryEmail(db: Db, id: number, by: { actor: Actor; now: number }) {
  const [rows] = await commit(db, [
    db.update(emailNotifications).set({ status: "queued", nextTryAt: by.now, attempts: 0 })
      .where(and(
        eq(emailNotifications.id, id),
        inArray(emailNotifications.status, ["failed", "dead"]),
        ne(emailNotifications.template, "admin_invitation"),
      )),
    auditedIfDone(by, { action: "email.retry", subject: `email ${id}` }),
  ]);
  if (rows === 1) return;
  const known = await db.select({ id: emailNotifications.id }).from(emailNotifications)
    .where(eq(emailNotifications.id, id)).get();
  if (!known) throw notFound();
  throw new Problem("conflict", "This mail is not waiting for another try.");
}

type EmailFilter = { status?: Email["status"]; before?: number; limit?: number };

/** The latest mails that `viewer` may see, newest first, from before the one with the id `before`. */
export async function listEmails(db: Db, viewer: Viewer, filter: EmailFilter): Promise<Email[]> {
  return await db.select().from(emailNotifications).where(and(
    mailSeenBy(viewer),
    filter.status && eq(emailNotifications.status, filter.status),
    filter.before ? lt(emailNotifications.id, filter.before) : undefined,
  )).orderBy(desc(emailNotifications.id)).limit(filter.limit ?? 50);
}
