import { and, eq } from "drizzle-orm";
import { audited } from "./audit.ts";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import { commit, type Db, isAborted, isUnique, type Statement } from "./client.ts";
import { voidRunning } from "./payment_settlement.ts";
import { isPart, isRunning } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { isProblem, Problem } from "./problem.ts";
import { refunds } from "./schema.ts";
import { assertLeft, goesByHand, leftOf } from "./refund_rules.ts";
import { newId } from "./tokens.ts";

export type Refund = typeof refunds.$inferSelect;
/** Some money that goes back, in minor units; `byHand` where an admin sends it and proves it later. */
export type RefundOrder = {
  amountMinor: number;
  reason: string;
  idempotencyKey: string;
  byHand?: boolean;
};
type Refunding = { payment: Payment; booking: Booking };
/** A payment with its booking, all attempts to pay that, and its own refunds, latest first. */
export type RefundFile = Refunding & { payments: Payment[]; refunds: Refund[] };

/** What the database says when more would go back than came. */
const TOO_MUCH = "refunds exceed the payment";

/**
 * Sends money of a payment back, all or a part: kept first, carried out by the job or by a person. The same
 * idempotency key again returns the refund it made. A payment that only waited for a decision and goes back
 * whole lets its booking be paid again. Throws `invalid` for more than is left, and `conflict` when the payment
 * holds nothing or changed meanwhile.
 */
export async function requestRefund(
  db: Db,
  file: RefundFile,
  by: Change & RefundOrder,
): Promise<Refund> {
  const twin = file.refunds.find((refund) => refund.idempotencyKey === by.idempotencyKey);
  if (twin) return twin;
  assertLeft(file.payment, by.amountMinor);
  const refund = newRefund(file.payment, by);
  try {
    await commit(db, [...refundStatements(db, file, { refund, by }), ...freed(db, file, by)]);
    return refund;
  } catch (error) {
    const lost = isRefundRace(error);
    if (!lost && !isProblem(error, "conflict")) throw error;
    const first = await findRefundByKey(db, file.payment, by.idempotencyKey);
    if (first) return first;
    throw lost ? lessLeft() : error;
  }
}

export const lessLeft = () =>
  new Problem(
    "conflict",
    "Somebody else sent money of this payment back a moment ago. Look again.",
  );

async function findRefundByKey(db: Db, { id }: Payment, key: string) {
  return await db.select().from(refunds)
    .where(and(eq(refunds.idempotencyKey, key), eq(refunds.paymentId, id))).get();
}

/** Whether a batch lost against another one that sent money of the same payment back. */
export const isRefundRace = (error: unknown) =>
  isUnique(error, "refunds.idempotency_key") || isAborted(error, TOO_MUCH);

export function newRefund(payment: Payment, by: Change & RefundOrder): Refund {
  const byHand = by.byHand || goesByHand(payment.method);
  return {
    id: newId(),
    paymentId: payment.id,
    status: byHand ? "processing" : "requested",
    amountMinor: by.amountMinor,
    reason: by.reason,
    requestedBy: by.actor.kind === "admin" ? by.actor.id : null,
    ...{ providerRef: null, lastError: null, attempts: 0, leaseUntil: null },
    nextTryAt: byHand ? null : by.now,
    idempotencyKey: by.idempotencyKey,
    ...{ createdAt: by.now, updatedAt: by.now },
  };
}

/** The refund, its share of the payment and who asked for it. A rule of the database refuses too much. */
export const refundStatements = (
  db: Db,
  { payment, booking }: Refunding,
  { refund, by }: { refund: Refund; by: Change },
): Statement[] => [
  db.insert(refunds).values(refund),
  reserve(payment, by.now),
  audited(db, by, {
    action: "payment.refund",
    subject: booking.reference,
    before: { payment: payment.id, status: payment.status, refundedMinor: payment.refundedMinor },
    after: { refund: refund.id, amountMinor: refund.amountMinor, reason: refund.reason },
  }),
];

/** What a payment has sent back or is sending, counted; fails in the batch where its status changed. */
const reserve = ({ id, status }: Payment, now: number): Statement => ({
  sql: `update payments set refunded_minor = ${sumOf("status <> 'failed'")}, updated_at = ?,
    status = case when status = ? then status end where id = ?`,
  args: [now, status, id],
});

/** The refunds of the payment whose row is written, added up. */
export const sumOf = (which: string) =>
  `(select coalesce(sum(amount_minor), 0) from refunds where payment_id = payments.id and ${which})`;

/**
 * Lets a booking be paid anew whose money goes back before it settled anything: the whole of what only waited for
 * a decision, or something of a part of the price, whose rest is no longer what is asked for.
 */
function freed(db: Db, file: RefundFile, by: Change & RefundOrder): Statement[] {
  const { payment, booking, payments } = file;
  const whole = payment.status === "needs_review" && by.amountMinor === leftOf(payment);
  const others = payments.filter(({ id }) => id !== payment.id);
  const waits = others.some(({ status }) => status === "needs_review");
  if (booking.status !== "payment_pending" || !(whole || isPart(payment))) return [];
  if (!isPart(payment) && (waits || others.some(isRunning))) return [];
  const ended = voidRunning(db, booking, by.now);
  if (waits) return [ended];
  const step = { actor: by.actor, now: by.now, note: by.reason };
  const set = { payBy: by.now + PAY_WITHIN };
  return [...moveBooking(db, booking, { ...step, move: "fail_payment", set }).statements, ended];
}
