import { and, eq, exists, inArray, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import type { DueEmail } from "./email_claims.ts";
import { inFlight } from "./payment_status.ts";
import { firstAwake } from "./quiet_hours.ts";
import { emailNotifications, payments, serviceBookings, type Template } from "./schema.ts";

/** Written by the clock, so nobody gets them at night, and after an outage one stands for all before it. */
const reminders: Template[] = [
  ...["payment_reminder", "approval_reminder", "approval_delayed", "staff_digest"] as const,
];
/** In a conversation somebody may be waiting for an answer at any hour. */
const collapsed: Template[] = [...reminders, "chat_unread"];

/**
 * Whether the mail that a query is at is one of which the next to the same person is queued already. Without the plus
 * the planner would walk thousands of the same template rather than the few mails of the booking.
 */
export const isRepeated = sql<boolean>`${inArray(emailNotifications.template, collapsed)}
  and exists (select 1 from email_notifications later
    where later.booking_id is ${emailNotifications.bookingId}
    and later.id > ${emailNotifications.id} and +later.template = ${emailNotifications.template}
    and later.recipient_email = ${emailNotifications.recipientEmail})`.mapWith(Boolean);

/** Whether money for the booking that a query is at is on its way or waits for a decision. */
export const moneyComes = (db: Db) =>
  sql<boolean>`${
    exists(
      db.select({ id: payments.id }).from(payments).where(and(
        eq(payments.bookingId, serviceBookings.id),
        inArray(payments.status, [...inFlight, "needs_review"]),
      )),
    )
  }`.mapWith(Boolean);

type StillTrue = (booking: Booking, due: DueEmail) => boolean;

const needsPerson: StillTrue = ({ status, attention }) =>
  status === "pending" && attention !== null;
const owes: StillTrue = ({ status }, due) =>
  ["approved", "payment_pending"].includes(status) && !due.moneyComes;

/** What a reminder speaks of, as long as it is so: sent later it would confuse. */
const onlyWhile: Partial<Record<Template, StillTrue>> = {
  ...{ payment_reminder: owes, approval_reminder: needsPerson, approval_delayed: needsPerson },
};

/** Whether the booking has gone on since the mail was caused, or the next reminder is here: it is not sent. */
export function isOvertaken(due: DueEmail): boolean {
  const stillTrue = onlyWhile[due.email.template];
  return due.repeated || (!!stillTrue && due.booking !== null && !stillTrue(due.booking, due));
}

/** When a mail may leave for people in `zone`: a reminder that is late, or tried again, waits for the morning. */
export const mayLeaveAt = ({ email }: DueEmail, now: number, zone: string): number =>
  reminders.includes(email.template) ? firstAwake(now, zone) : now;
