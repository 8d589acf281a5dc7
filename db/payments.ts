import { eq, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import type { Notice } from "./payment_notices.ts";
import { onlyFrom } from "./payment_settlement.ts";
import { dueOf, partsOf } from "./payment_status.ts";
import { Problem } from "./problem.ts";
import { payments } from "./schema.ts";
import { fileStatements, type NewFile } from "./stored_files.ts";
import { newId } from "./tokens.ts";

export type Payment = typeof payments.$inferSelect;
/** How a method opens: waiting for the client, or settled at once by a notice. */
export type Opening = {
  status: "created" | "open";
  notice?: Notice;
  /** What the client must send, where that is not the price itself. */
  quote?: Pick<Payment, "network" | "usdtMicro" | "usdtAddress" | "usdtRate" | "expiresAt">;
};

/** A new attempt's status; NULL, which fails the batch, if another part of the price came since `read`. */
export const whileDue = ({ bookingId, status }: Payment, read: Payment[]) =>
  sql`case when ${partsOf(read)} = (
    select coalesce(sum(received_minor - refunded_minor), 0) from payments
    where booking_id = ${bookingId} and status = 'succeeded' and part) then ${status} end`;

type Begun = Pick<Payment, "method" | "idempotencyKey">;

/** An attempt to pay what is left of a booking's price, as `payments` stand. Throws `conflict` without a price. */
export function newPayment(
  booking: Booking,
  start: Begun & { now: number; payments?: Payment[] },
): Payment {
  return {
    id: newId(),
    bookingId: booking.id,
    method: start.method,
    status: "open",
    amountMinor: dueOf(booking, start.payments ?? []),
    currency: booking.currency,
    idempotencyKey: start.idempotencyKey,
    ...{ receivedMinor: null, refundedMinor: 0, part: false, receivedOn: null, reference: null },
    ...{ settledMinor: null, reason: null, proofNote: null, proofFileId: null, providerRef: null },
    ...{ providerPayment: null, expiresAt: null, askedAt: null, closedAt: null, disputedAt: null },
    ...{ network: null, usdtMicro: null, usdtAddress: null, usdtRate: null, usdtTx: null },
    ...{ createdAt: start.now, updatedAt: start.now },
  };
}

/**
 * The client says that the transfer is on its way, with a proof if they have one: an admin looks, and no deadline
 * runs.
 */
export async function announceTransfer(
  db: Db,
  payment: Payment,
  told: { note: string; file?: NewFile; now: number },
) {
  if (payment.method !== "bank" || payment.status !== "open") {
    throw new Problem("conflict", "This payment is not waiting for a transfer.");
  }
  const { file, now } = told;
  const proof = {
    ...{ status: onlyFrom(["open"], "under_review"), proofNote: told.note || null },
    ...{ proofFileId: file?.id, updatedAt: now },
  };
  await commit(db, [
    ...(file ? fileStatements(db, file, now) : []),
    db.update(payments).set(proof).where(eq(payments.id, payment.id)),
  ]);
}
