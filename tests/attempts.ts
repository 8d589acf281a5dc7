import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import type { Refund } from "../db/refunds.ts";
import { randomToken } from "../db/tokens.ts";
import { bookingIn, castIn, NOW } from "./cast.ts";
import { openTestDatabase } from "./databases.ts";

export type Attempts = {
  booking: Booking;
  /** An attempt to pay for it that nobody stored. */
  attempt(over: Pick<Payment, "method"> & Partial<Payment>): Payment;
  refund(payment: Payment, amountMinor: number, over?: Partial<Refund>): Refund;
};

/** A booking that waits for its money, read from a database that is gone by now. */
export async function sampleAttempts(): Promise<Attempts> {
  await using database = await openTestDatabase();
  const { booking, payments: [begun] } = await bookingIn(
    await castIn(database.db),
    "payment_pending",
  );
  if (!begun) throw new Error("the booking has an attempt");
  return {
    booking,
    attempt: (over) => ({ ...begun, id: randomToken().slice(0, 22), status: "created", ...over }),
    refund: (payment, amountMinor, over) => ({
      ...{ id: randomToken().slice(0, 22), paymentId: payment.id, status: "requested" },
      ...{ amountMinor, reason: "Agreed.", requestedBy: 1, providerRef: null, lastError: null },
      ...{ attempts: 0, nextTryAt: null, leaseUntil: null, idempotencyKey: randomToken() },
      ...{ createdAt: NOW, updatedAt: NOW, ...over },
    }),
  };
}
