import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { factsOf, type MailParams } from "./emails.ts";
import { emailNotifications, type Template } from "./schema.ts";

/** Within this time, in milliseconds, asking again mails nothing new. */
const ONCE_PER = 10 * 60_000;
const bucket = (now: number) => `asked-${Math.floor(now / ONCE_PER)}`;

/** Mails the client of `booking` a link to choose a password. */
export async function askForClaim(db: Db, booking: Booking, now: number) {
  const mail = db.insert(emailNotifications).values({
    key: `${booking.reference}.account_claim.${bucket(now)}`,
    bookingId: booking.id,
    template: "account_claim",
    recipientName: booking.clientName,
    recipientEmail: booking.clientEmail,
    params: factsOf(booking),
    nextTryAt: now,
    createdAt: now,
  });
  await commit(db, [mail.onConflictDoNothing()]);
}

/** Queues a mail about an account itself, not about a booking. */
export function mailToAccount(
  db: Db,
  to: { name: string; email: string },
  mail: { template: Template; now: number },
): Statement {
  const key = `${mail.template}.${bucket(mail.now)}.${keyOf(to.email)}`;
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

/** An address as the left part of a Message-ID may hold it. */
export const keyOf = (email: string) =>
  email.replace(/[^a-z0-9.-]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`);
