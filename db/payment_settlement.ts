import { and, eq, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import { type Booking, type Change, moveBooking, type Moved } from "./booking_moves.ts";
import { roomFor } from "./chat.ts";
import type { Db, Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { confirmable, moneyCame, running } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { receiptFor } from "./receipts.ts";
import { payments, type PaymentStatus, paymentStatuses } from "./schema.ts";

const part = and(eq(payments.status, "succeeded"), eq(payments.part, true));
const unsettled = paymentStatuses.filter((status) =>
  status === "needs_review" || !moneyCame.includes(status)
);
/** Attempts whose money has not settled anything. */
export const uncounted = or(inArray(payments.status, unsettled), part) as SQL;

export type Receipt = { amountMinor: number; receivedOn?: string; reference?: string };
type Settling = Change & { payment: Payment; receipt: Receipt; set?: Partial<Booking> };

/**
 * The whole price is here: the booking is paid, its chat room opens, the client is told and invited. The batch
 * fails with `conflict` if other money came by this attempt since it was read, or if with the parts that were
 * counted before it is less than the price.
 */
export function settle(db: Db, booking: Booking, by: Settling): Moved {
  const { payment, receipt, now } = by;
  const moved = moveBooking(db, booking, { ...by, move: "confirm_payment" });
  const params = {
    amountMinor: receipt.amountMinor,
    method: payment.method,
    paymentId: payment.id,
  };
  moved.statements.push(
    db.update(payments).set({
      status: ifWhole(moved.booking, { payment, receipt }),
      receivedMinor: receipt.amountMinor,
      part: false,
      settledMinor: receipt.amountMinor,
      receivedOn: receipt.receivedOn ?? null,
      reference: receipt.reference ?? null,
      reason: null,
      updatedAt: now,
    }).where(eq(payments.id, payment.id)),
    receiptFor(booking, payment, now),
    settleParts(db, payment, now),
    voidOthers(db, payment, now),
    roomFor(db, booking, now),
    mailToClient(db, moved.booking, { template: "payment_received", now, params }),
    mailToClient(db, moved.booking, { template: "chat_invitation", now }),
  );
  return moved;
}

/** `succeeded`, or NULL where what came is not the whole price or is not what was read. */
const ifWhole = (
  { priceMinor }: Booking,
  { payment, receipt }: Pick<Settling, "payment" | "receipt">,
) =>
  sql`case when ${receipt.amountMinor} - ${payments.refundedMinor} + (
    select coalesce(sum(received_minor - refunded_minor), 0) from payments as parts
    where booking_id = ${payment.bookingId} and id <> ${payment.id} and status = 'succeeded' and part
  ) >= ${priceMinor} then ${unlessMore(payment, uncounted, "succeeded")} end`;

/** Ends the attempts of a booking. Throws `conflict` in the batch if one of them is being checked by now. */
export const voidRunning = (db: Db, booking: Booking, now: number): Statement =>
  voidAmong(db, booking, { which: inArray(payments.status, running), now });

/** Ends the attempts of a booking that ends: money that is here or waits for a person is in the way too. */
export const voidAll = (db: Db, booking: Booking, now: number): Statement =>
  voidAmong(db, booking, { which: or(inArray(payments.status, confirmable), part), now });

const voidAmong = (db: Db, booking: Booking, of: { which: SQL | undefined; now: number }) =>
  db.update(payments).set({ status: onlyFrom(["created", "open"], "voided"), updatedAt: of.now })
    .where(and(eq(payments.bookingId, booking.id), of.which));

/** What was counted before is a part of what settled. */
const settleParts = (db: Db, { bookingId }: Payment, now: number) =>
  db.update(payments).set({ settledMinor: sql`${payments.receivedMinor}`, updatedAt: now })
    .where(and(eq(payments.bookingId, bookingId), part));

const voidOthers = (db: Db, payment: Payment, now: number) =>
  db.update(payments).set({ status: "voided", updatedAt: now }).where(and(
    eq(payments.bookingId, payment.bookingId),
    ne(payments.id, payment.id),
    inArray(payments.status, ["created", "open"]),
  ));

/**
 * `after` for a payment that still is in one of `before`, else NULL. The column refuses NULL and with it the
 * whole batch: announcing a transfer is no move of the booking, so its version cannot stop a race with one.
 */
export const onlyFrom = (before: PaymentStatus[], after: PaymentStatus): SQL =>
  sql`case when ${inArray(payments.status, before)} then ${after} end`;

/** `after` while `before` holds and no money came by the attempt since it was read as `payment`, else NULL. */
export const unlessMore = (payment: Payment, before: SQL, after: PaymentStatus): SQL =>
  sql`case when ${before} and ${payments.receivedMinor} is ${payment.receivedMinor}
    then ${after} end`;
