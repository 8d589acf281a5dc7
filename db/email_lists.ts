import { and, asc, desc, eq, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { Email } from "./emails.ts";
import { notFound } from "./problem.ts";
import {
  emailAttempts,
  emailBodies,
  emailNotifications,
  serviceBookings,
  suppressedAddresses,
  type Template,
} from "./schema.ts";
import type { Suppression } from "./suppressions.ts";
import { mailSeenBy, seenBy, type Viewer } from "./viewers.ts";

export type Attempt = typeof emailAttempts.$inferSelect;
/** A mail with all that is known of it. */
export type EmailFile = {
  email: Email;
  attempts: Attempt[];
  /** As it was sent, without its one-time links; gone after a while. */
  body: typeof emailBodies.$inferSelect | null;
  /** Why its address gets nothing any more. */
  suppression: Suppression | null;
};
type EmailFilter = {
  status?: Email["status"];
  template?: Template;
  /** The reference of the booking that they are about. */
  booking?: string;
  before?: number;
  limit?: number;
};
/** Mails that need somebody: given up and not dismissed, and not sent though due for a while. */
export type MailTroubles = { dead: number; late: number };

/** A mail that is due has not left for this long, in milliseconds: something is wrong. */
const LATE = 15 * 60_000;

/** The latest mails that `viewer` may see, newest first, from before the one with the id `before`. */
export async function listEmails(db: Db, viewer: Viewer, filter: EmailFilter): Promise<Email[]> {
  const { status, template, booking, before } = filter;
  return await db.select().from(emailNotifications).where(and(
    mailSeenBy(viewer),
    status && eq(emailNotifications.status, status),
    template && eq(emailNotifications.template, template),
    booking ? eq(emailNotifications.bookingId, idOf(db, booking)) : undefined,
    before ? lt(emailNotifications.id, before) : undefined,
  )).orderBy(desc(emailNotifications.id)).limit(filter.limit ?? 50);
}

const idOf = (db: Db, reference: string) =>
  db.select({ id: serviceBookings.id }).from(serviceBookings)
    .where(eq(serviceBookings.reference, reference));

/** The mails of one booking that `viewer` may see, to the client and to admins, oldest first. */
export async function listEmailsOf(db: Db, viewer: Viewer, reference: string): Promise<Email[]> {
  const rows = await db.select({ email: emailNotifications }).from(serviceBookings)
    .innerJoin(emailNotifications, eq(emailNotifications.bookingId, serviceBookings.id))
    .where(and(eq(serviceBookings.reference, reference), seenBy(viewer)))
    .orderBy(asc(emailNotifications.id)).limit(50);
  return rows.map((row) => row.email);
}

/** One mail with its tries. Throws `not_found`. */
export async function findEmailFor(db: Db, viewer: Viewer, id: number): Promise<EmailFile> {
  const { recipientEmail } = emailNotifications;
  const [[found], attempts] = await db.batch([
    db.select({ email: emailNotifications, body: emailBodies, suppression: suppressedAddresses })
      .from(emailNotifications)
      .leftJoin(emailBodies, eq(emailBodies.emailId, emailNotifications.id))
      .leftJoin(suppressedAddresses, eq(suppressedAddresses.email, sql`lower(${recipientEmail})`))
      .where(and(eq(emailNotifications.id, id), mailSeenBy(viewer))),
    db.select().from(emailAttempts).where(eq(emailAttempts.emailId, id))
      .orderBy(asc(emailAttempts.id)).limit(100),
  ]);
  if (!found) throw notFound();
  return { ...found, attempts };
}

/** Counts the mails that need somebody, as a query for a page's batch. */
export const countTroubles = (db: Db, viewer: Viewer, now: number) =>
  db.select({ dead: countOf(isDead), late: countOf(isLate(now)) }).from(emailNotifications)
    .where(and(or(isDead, isLate(now)), mailSeenBy(viewer)));

const countOf = (which: SQL | undefined) => sql<number>`count(case when ${which} then 1 end)`;

const { status, dismissedAt, nextTryAt, createdAt } = emailNotifications;
/** Given up, and nobody has set it aside. */
export const isDead = and(eq(status, "dead"), isNull(dismissedAt));

/** One that failed before is late by its age, one that waits for its time by that. */
const isLate = (now: number) =>
  or(
    and(eq(status, "queued"), lte(nextTryAt, now - LATE)),
    and(eq(status, "failed"), lte(createdAt, now - LATE)),
    and(eq(status, "sending"), lte(createdAt, now - LATE)),
  );
