import { audited } from "./audit.ts";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import { commit, type Db } from "./client.ts";
import { entryOf } from "./payment_entries.ts";
import { settle } from "./payment_settlement.ts";
import { partsOf } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";

/** A payment that needs a person, its booking, and all attempts to pay that. */
export type Repair = { payment: Payment; booking: Booking; payments: Payment[] };
export type Repairing = Change & { note: string };

/**
 * An admin takes what came as the whole price. Paid always means that all of it is here, so less than is due
 * lowers the price to what is here; an expired booking is reinstated in the same write; money in another currency,
 * token or chain is vouched for as what was due. Throws `conflict` unless the payment needs a person and the
 * booking can be paid: what came twice or after the end can only be sent back.
 */
export async function acceptPayment(db: Db, file: Repair, by: Repairing) {
  const { payment, booking } = file;
  assertWaits(payment);
  const amountMinor = payment.receivedMinor ?? payment.amountMinor;
  const back = booking.status === "expired" ? reinstated(db, booking, by) : null;
  const here = partsOf(file.payments) + amountMinor - payment.refundedMinor;
  const lowered = booking.priceMinor !== null && here < booking.priceMinor;
  const settled = settle(db, back?.booking ?? booking, {
    ...{ ...by, payment, receipt: receiptOf(payment, amountMinor) },
    set: lowered ? { priceMinor: here } : {},
  });
  const after = { status: "succeeded", receivedMinor: amountMinor, priceMinor: here };
  await commit(db, [
    ...back?.statements ?? [],
    ...settled.statements,
    audited(db, by, entryOf("accept", file, { ...after, reason: by.note })),
  ]);
}

const receiptOf = ({ receivedOn, reference }: Payment, amountMinor: number) => ({
  ...{ amountMinor, receivedOn: receivedOn ?? undefined, reference: reference ?? undefined },
});

const reinstated = (db: Db, booking: Booking, by: Repairing) =>
  moveBooking(db, booking, {
    ...by,
    ...{ move: "reinstate", set: { payBy: by.now + PAY_WITHIN } },
  });

/** Throws `conflict` for a payment that is decided, or whose money went back. */
export function assertWaits({ status, receivedMinor, refundedMinor }: Payment) {
  if (status !== "needs_review") {
    throw new Problem("conflict", "This payment is decided already, so nothing was changed.");
  }
  if (receivedMinor !== null && refundedMinor >= receivedMinor) {
    throw new Problem("conflict", "This money is on its way back, so it cannot count any more.");
  }
}
