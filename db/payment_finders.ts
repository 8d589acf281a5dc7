import { and, eq, inArray, or, sql } from "drizzle-orm";
import type { BookingFile } from "./booking_finders.ts";
import { canMove } from "./booking_status.ts";
import type { Db } from "./client.ts";
import { listOnce, rowAsJson } from "./json_rows.ts";
import { holdsMoney, isInFlight, isRunning } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { type PaymentMethod, payments, serviceBookings } from "./schema.ts";

type Paid = Pick<BookingFile, "booking" | "payments">;

/** The attempt that a booking's next step depends on: the running one, else one that a person must look at. */
export function attemptOf(attempts: Payment[]): Payment | null {
  return attempts.find(isRunning) ??
    attempts.find((payment) => payment.status === "needs_review") ?? null;
}

/** Whether the client may begin to pay, or choose another way to. */
export function mayPay({ booking, payments }: Paid): boolean {
  return canMove(booking.status, "start_payment", "client") && !payments.some(isInFlight);
}

/** Whether the client may end the booking: never while money is on its way or here already. */
export function mayCancel({ booking, payments }: Paid): boolean {
  return canMove(booking.status, "cancel", "client") && !payments.some(holdsMoney);
}

/** The attempt whose page, or whose money, a provider calls like this; null where there is none. */
export async function findAttemptNamed(
  db: Db,
  method: PaymentMethod,
  { page, money }: { page?: string; money?: string },
): Promise<string | null> {
  if (!page && !money) return null;
  const found = await db.select({ id: payments.id }).from(payments).where(and(
    eq(payments.method, method),
    or(
      page ? eq(payments.providerRef, page) : undefined,
      money ? eq(payments.providerPayment, money) : undefined,
    ),
  )).get();
  return found?.id ?? null;
}

const attemptsOf = listOnce(
  payments,
  (db) =>
    db.select({ row: rowAsJson(payments).as("row") }).from(serviceBookings)
      .innerJoin(payments, eq(payments.bookingId, serviceBookings.id))
      .where(and(
        eq(serviceBookings.userId, sql.placeholder("user")),
        eq(serviceBookings.status, "payment_pending"),
        inArray(payments.status, ["created", "open", "processing", "under_review", "needs_review"]),
      )),
);

/** The attempts of a client's bookings that the bookings wait for. */
export const listAttemptsOf = (db: Db, user: number): Promise<Payment[]> =>
  attemptsOf(db, { user });
