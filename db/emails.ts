import { sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import { placeholders, writeOnce } from "./prepared.ts";
import { emailNotifications, type Template } from "./schema.ts";

export type Email = typeof emailNotifications.$inferSelect;
export type MailParams = Email["params"];
type About = Omit<Booking, "id" | "userId">;
type NewMail = {
  template: Template;
  now: number;
  params?: MailParams;
  /** What makes the mail one of its kind; without it the booking's version. */
  once?: string | number;
  /** When it may leave, if not at once. */
  notBefore?: number;
};

const keyOf = (booking: About, { template, once }: NewMail) =>
  `${booking.reference}.${template}.${once ?? booking.version}`;

const queued = writeOnce((db) => {
  const { reference, ...values } = placeholders(
    ...["key", "template", "recipientName", "recipientEmail"] as const,
    ...["params", "nextTryAt", "createdAt", "reference"] as const,
  );
  const bookingId = sql`(select id from service_bookings where reference = ${reference})`;
  return db.insert(emailNotifications).values({ ...values, bookingId }).onConflictDoNothing();
});

/** Queues a mail to the client of `booking`; the same key again queues nothing. */
export function mailToClient(db: Db, booking: About, mail: NewMail): Statement {
  return queued(db, {
    ...{ key: keyOf(booking, mail), reference: booking.reference, template: mail.template },
    ...{ recipientName: booking.clientName, recipientEmail: booking.clientEmail },
    params: { ...factsOf(booking), ...mail.params },
    nextTryAt: mail.notBefore ?? mail.now,
    createdAt: mail.now,
  });
}

/** Queues a mail to everyone who sees all bookings: a new one is assigned to nobody. */
export function mailToAdmins(booking: About, mail: NewMail): Statement {
  const params = { ...factsOf(booking), clientName: booking.clientName, ...mail.params };
  return {
    sql:
      `insert into email_notifications (key, booking_id, template, recipient_name, recipient_email,
        params, next_try_at, created_at)
      select ? || admins.id, service_bookings.id, ?, admins.name, admins.email, ?, ?, ?
      from admins join service_bookings on service_bookings.reference = ?
      where admins.deactivated_at is null and admins.role <> 'agent'
      on conflict (key) do nothing`,
    args: [
      ...[`${keyOf(booking, mail)}.`, mail.template, JSON.stringify(params)],
      ...[mail.notBefore ?? mail.now, mail.now, booking.reference],
    ],
  };
}

/** What a mail says about its booking, as it stood when the mail was caused. */
export function factsOf(booking: About): MailParams {
  const { reference, serviceName, urgency, priceMinor, cataloguePriceMinor, currency } = booking;
  const { payBy, autoApproveAt } = booking;
  return {
    ...{ reference, serviceName, urgency, priceMinor, cataloguePriceMinor, currency },
    ...{ payBy, autoApproveAt },
  };
}
