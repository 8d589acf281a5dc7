import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { factsOf, type MailParams } from "./emails.ts";
import { emailNotifications, type Template } from "./schema.ts";

/** Within this time, in milliseconds, asking again mails nothing new. */
const ONCE_PER = 10 * 60_000;
const bucket = (now: number) => `asked-${Math.floor(now / ONCE_PER)}`;

/** What names a mail to `email` that is asked for: the same for ten minutes. */
export const keyOnce = (what: string, email: string, now: number) =>
  `${what}.${bucket(now)}.${keyOf(email)}`;

/**
 * Mails the client of a booking a link to choose a password. Who has one already gets a link to a new one instead:
 * whoever asks, perhaps with somebody else's address, reads the same.
 */
export async function askForClaim(
  db: Db,
  { booking, claimed }: { booking: Booking; claimed: boolean },
  now: number,
) {
  const to = { name: booking.clientName, email: booking.clientEmail };
  const reset = { template: "password_reset", now } as const;
  await commit(db, [claimed ? mailToAccount(db, to, reset) : claimMail(db, booking, now)]);
}

const claimMail = (db: Db, booking: Booking, now: number): Statement =>
  db.insert(emailNotifications).values({
    key: `${booking.reference}.account_claim.${bucket(now)}`,
    bookingId: booking.id,
    template: "account_claim",
    recipientName: booking.clientName,
    recipientEmail: booking.clientEmail,
    params: factsOf(booking),
    nextTryAt: now,
    createdAt: now,
  }).onConflictDoNothing();

/** Queues a mail about an account itself, not about a booking. */
export function mailToAccount(
  db: Db,
  to: { name: string; email: string },
  mail: { template: Template; now: number },
): Statement {
  const key = keyOnce(mail.template, to.email, mail.now);
  return accountChanged(db, to, { ...mail, key, params: {} });
}

type Notice = { template: Template; key: string; params: MailParams; now: number };

/** Queues what `key` names once: a step of a change to an account, or that it is done. */
export function accountChanged(
  db: Db,
  to: { name: string; email: string },
  { now, ...mail }: Notice,
): Statement {
  const recipient = { recipientName: to.name, recipientEmail: to.email };
  return db.insert(emailNotifications)
    .values({ ...mail, ...recipient, nextTryAt: now, createdAt: now }).onConflictDoNothing();
}

type Whom = { kind: "client" | "admin"; where: string; args: (string | number)[] };

/** The same for whom `where` finds among the accounts of a kind; where that is nobody it costs the same. */
export const mailWhom = (
  { kind, where, args }: Whom,
  { template, key, params, now }: Notice,
): Statement => ({
  sql: `insert into email_notifications
      (key, template, recipient_name, recipient_email, params, next_try_at, created_at)
    select ?, ?, name, email, ?, ?, ? from ${kind === "client" ? "users" : "admins"}
    where deactivated_at is null and ${where} on conflict do nothing`,
  args: [key, template, JSON.stringify(params), now, now, ...args],
});

/** An address as the left part of a Message-ID may hold it. */
export const keyOf = (email: string) =>
  email.replace(/[^a-z0-9.-]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`);
