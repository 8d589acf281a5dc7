import { desc, eq } from "drizzle-orm";
import type { BookingFile } from "../db/booking_finders.ts";
import type { Db } from "../db/client.ts";
import { type Notice, takeNotice } from "../db/payment_notices.ts";
import { startPayment } from "../db/payment_starts.ts";
import type { Payment } from "../db/payments.ts";
import { emailNotifications, type Template } from "../db/schema.ts";
import { randomToken } from "../db/tokens.ts";
import { bookingIn, type Cast, fileOf, NOW } from "./cast.ts";

type Start = Partial<Parameters<typeof startPayment>[2]>;

/** A new attempt of Alice's to pay, by card unless said otherwise; its page at the provider is open. */
export async function attempt(cast: Cast, file: BookingFile, wish: Start = {}): Promise<Payment> {
  return await startPayment(cast.db, file.booking, {
    ...{ actor: cast.alice, now: NOW, method: "stripe", idempotencyKey: randomToken() },
    ...{ payments: file.payments, opens: () => ({ status: "open" }), ...wish },
  });
}

/** A booking of Alice's with one attempt under way. */
export async function paying(cast: Cast, wish: Start = {}) {
  const payment = await attempt(cast, await bookingIn(cast, "approved"), wish);
  return { payment, ...await again(cast.db, payment) };
}

/** What a provider says of `payment`: its success with the exact amount, unless said otherwise. */
export const told = (
  { id, method, amountMinor, currency }: Payment,
  over: Partial<Notice> = {},
) => ({
  ...{ provider: method, eventId: randomToken(), paymentId: id, kind: "test", bodyHash: null },
  ...{ outcome: "succeeded" as const, amount: amountMinor, currency, at: NOW, ...over },
});

export const tell = (db: Db, payment: Payment, over: Partial<Notice> = {}, now = NOW) =>
  takeNotice(db, told(payment, over), now);

/** The booking of `payment` with all that belongs to it, as it stands. */
export async function again(
  db: Db,
  { id }: Payment,
): Promise<{ file: BookingFile; reference: string }> {
  const found = await db.$client.execute({
    sql:
      "select reference from service_bookings where id = (select booking_id from payments where id = ?)",
    args: [id],
  });
  const reference = String(found.rows[0]?.reference);
  return { reference, file: await fileOf(db, reference) };
}

/** How a booking and one of its attempts stand: "paid succeeded", "payment_pending needs_review short". */
export async function standing(db: Db, payment: Payment): Promise<string> {
  const { file } = await again(db, payment);
  const { status, reason } = file.payments.find(({ id }) => id === payment.id) as Payment;
  return [file.booking.status, status, reason].filter(Boolean).join(" ");
}

/** The facts of all mails by this template, oldest first. */
export async function mailed(db: Db, template: Template) {
  const rows = await db.select().from(emailNotifications)
    .where(eq(emailNotifications.template, template)).orderBy(desc(emailNotifications.id));
  return rows.reverse().map(({ params, recipientEmail: to }) => ({
    ...{ reason: params.reason, params, to },
  }));
}
