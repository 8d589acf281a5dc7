import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { type Booking, type Change, moveBooking, type Moved } from "./booking_moves.ts";
import { roomFor } from "./chat.ts";
import { commit, type Db, isUnique, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import type { Notice } from "./payment_notices.ts";
import { isProblem, Problem } from "./problem.ts";
import { paymentNotices, payments, type PaymentStatus } from "./schema.ts";
import { randomToken } from "./tokens.ts";

export type Payment = typeof payments.$inferSelect;
/** How a method opens: waiting for the client, or settled at once by a notice. */
export type Opening = {
  status: "created" | "open";
  notice?: Notice;
  /** What the client must send, where that is not the price itself. */
  quote?: Pick<Payment, "network" | "usdtMicro" | "usdtAddress" | "usdtRate" | "expiresAt">;
};
export type Receipt = { amountMinor: number; receivedOn?: string; reference?: string };

const running: PaymentStatus[] = ["created", "open", "processing", "under_review"];
const inFlight: PaymentStatus[] = ["processing", "under_review"];
const confirmable: PaymentStatus[] = [...running, "needs_review"];

export const isRunning = (payment: Payment) => running.includes(payment.status);
/** Money may be on its way: nothing may end the booking now. */
export const isInFlight = (payment: Payment) => inFlight.includes(payment.status);
/** Money is here or may be: the booking is not ended before a person has looked. */
export const holdsMoney = (payment: Payment) =>
  isInFlight(payment) || payment.status === "needs_review";
export const needsPerson = (payment: Payment) =>
  ["needs_review", "under_review"].includes(payment.status) ||
  (payment.method === "bank" && payment.status === "open");

/**
 * Begins an attempt to pay the booking's price; an older open attempt is voided. The same idempotency key
 * again returns the attempt it began. Throws `conflict` while another payment is being checked.
 */
export async function startPayment(
  db: Db,
  booking: Booking,
  start: Change & {
    method: Payment["method"];
    idempotencyKey: string;
    payments: Payment[];
    opens: (payment: Payment) => Opening;
  },
): Promise<Payment> {
  const twin = start.payments.find((payment) => payment.idempotencyKey === start.idempotencyKey);
  if (twin) return twin;
  if (start.payments.some(isInFlight)) {
    throw new Problem("conflict", "Your last payment is being checked. You need not pay again.");
  }
  const payment = newPayment(booking, start);
  try {
    await commit(
      db,
      startStatements(db, { booking, payment, start, opening: start.opens(payment) }),
    );
    return payment;
  } catch (error) {
    const spent = isUnique(error, "payments.idempotency_key");
    if (!spent && !isProblem(error, "conflict")) throw error;
    const first = await findPaymentByKey(db, start.idempotencyKey);
    if (first?.bookingId === booking.id) return first;
    throw spent
      ? new Problem("conflict", "This form was sent already. Load the page again.")
      : error;
  }
}

function startStatements(
  db: Db,
  { booking, payment, start, opening }: {
    booking: Booking;
    payment: Payment;
    start: Change;
    opening: Opening;
  },
): Statement[] {
  const moved = moveBooking(db, booking, {
    actor: start.actor,
    now: start.now,
    move: "start_payment",
  });
  const begun = [
    ...moved.statements,
    voidRunning(db, booking, start.now),
    db.insert(payments).values({ ...payment, ...opening.quote, status: opening.status }),
  ];
  if (payment.method === "bank") {
    const params = { paymentId: payment.id };
    begun.push(
      mailToClient(db, moved.booking, { template: "payment_instructions", now: start.now, params }),
    );
  }
  const { notice } = opening;
  if (!notice) return begun;
  const actor = { kind: "provider" as const, id: null, name: notice.provider };
  const settled = settle(db, moved.booking, {
    ...{ payment, actor, now: start.now },
    receipt: { amountMinor: notice.amount },
  });
  return [
    ...begun,
    ...settled.statements,
    db.insert(paymentNotices).values({ ...notice, effect: "succeeded", receivedAt: start.now }),
  ];
}

export function newPayment(
  booking: Booking,
  start: { now: number; method: Payment["method"]; idempotencyKey: string },
): Payment {
  if (booking.priceMinor === null) throw new Problem("conflict", "This booking has no price yet.");
  return {
    id: randomToken().slice(0, 22),
    bookingId: booking.id,
    method: start.method,
    status: "open",
    amountMinor: booking.priceMinor,
    currency: booking.currency,
    idempotencyKey: start.idempotencyKey,
    ...{ receivedMinor: null, refundedMinor: 0, receivedOn: null, reference: null, reason: null },
    ...{ proofNote: null, proofFileId: null, providerRef: null, providerPayment: null },
    ...{ expiresAt: null, askedAt: null, closedAt: null, disputedAt: null, network: null },
    ...{ usdtMicro: null, usdtAddress: null, usdtRate: null, usdtTx: null },
    ...{ createdAt: start.now, updatedAt: start.now },
  };
}

/** The whole price is here: the booking is paid, its chat room opens, the client is told and invited. */
export function settle(
  db: Db,
  booking: Booking,
  by: Change & { payment: Payment; receipt: Receipt },
): Moved {
  const { payment, receipt, now } = by;
  const moved = moveBooking(db, booking, { ...by, move: "confirm_payment" });
  const params = { amountMinor: receipt.amountMinor, method: payment.method };
  moved.statements.push(
    db.update(payments).set({
      status: "succeeded",
      receivedMinor: receipt.amountMinor,
      receivedOn: receipt.receivedOn ?? null,
      reference: receipt.reference ?? null,
      reason: null,
      updatedAt: now,
    }).where(eq(payments.id, payment.id)),
    voidOthers(db, payment, now),
    roomFor(db, booking, now),
    mailToClient(db, moved.booking, { template: "payment_received", now, params }),
    mailToClient(db, moved.booking, { template: "chat_invitation", now }),
  );
  return moved;
}

/** Ends the attempts of a booking. Throws `conflict` in the batch if one of them is being checked by now. */
export const voidRunning = (db: Db, booking: Booking, now: number): Statement =>
  voidAmong(db, booking, { statuses: running, now });

/** Ends the attempts of a booking that ends: money that waits for a person is in the way too. */
export const voidAll = (db: Db, booking: Booking, now: number): Statement =>
  voidAmong(db, booking, { statuses: confirmable, now });

const voidAmong = (db: Db, booking: Booking, of: { statuses: PaymentStatus[]; now: number }) =>
  db.update(payments).set({ status: onlyFrom(["created", "open"], "voided"), updatedAt: of.now })
    .where(and(eq(payments.bookingId, booking.id), inArray(payments.status, of.statuses)));

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

/** The client says that the transfer is on its way: an admin looks, and no deadline runs. */
export async function announceTransfer(
  db: Db,
  payment: Payment,
  told: { note: string; now: number },
) {
  if (payment.method !== "bank" || payment.status !== "open") {
    throw new Problem("conflict", "This payment is not waiting for a transfer.");
  }
  const proof = {
    status: "under_review",
    proofNote: told.note || null,
    updatedAt: told.now,
  } as const;
  const [rows] = await commit(db, [
    db.update(payments).set(proof).where(
      and(eq(payments.id, payment.id), eq(payments.status, "open")),
    ),
  ]);
  if (rows !== 1) throw new Problem("conflict", "This payment has changed meanwhile.");
}

export function assertConfirmable(payment: Payment) {
  if (confirmable.includes(payment.status)) return;
  const state = payment.status.replace("_", " ");
  throw new Problem("conflict", `This payment is ${state} already, so nothing was changed.`);
}

async function findPaymentByKey(db: Db, idempotencyKey: string) {
  return await db.select().from(payments).where(eq(payments.idempotencyKey, idempotencyKey)).get();
}
