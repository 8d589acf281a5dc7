import type { BookingFile } from "../db/booking_finders.ts";
import { type Change, moveBooking } from "../db/booking_moves.ts";
import { revokeApproval } from "../db/approval_undo.ts";
import {
  approveBooking,
  cancelBooking,
  completeBooking,
  expiry,
  holdOrReleaseBooking,
  isPaid,
  reinstateBooking,
  rejectBooking,
  reopenBooking,
  startBooking,
} from "../db/booking_reviews.ts";
import { undoDecision } from "../db/decision_undo.ts";
import type { Move } from "../db/booking_status.ts";
import { commit, type Db } from "../db/client.ts";
import { cancelPaidBooking } from "../db/paid_cancellations.ts";
import { recordOutsidePayment } from "../db/outside_payments.ts";
import { confirmPayment, refusePayment } from "../db/payment_reviews.ts";
import { isRunning, needsPerson } from "../db/payment_status.ts";
import { startPayment } from "../db/payment_starts.ts";
import { newPayment, type Opening, type Payment } from "../db/payments.ts";
import { randomToken } from "../db/tokens.ts";

export type Step = Exclude<Move, "submit">;
type Verb = (db: Db, file: BookingFile, change: Change) => Promise<unknown>;

/** The verb behind each move of the table, with what a person would have typed. */
export const verbs: Record<Step, Verb> = {
  approve: (db, { booking }, change) => {
    const priceMinor = booking.cataloguePriceMinor ?? 75_000;
    return approveBooking(db, booking, { ...change, priceMinor });
  },
  reject: (db, { booking }, change) =>
    rejectBooking(db, booking, { ...change, note: "Not what we do." }),
  hold: (db, { booking }, change) => holdOrReleaseBooking(db, booking, change),
  release: (db, { booking }, change) => holdOrReleaseBooking(db, booking, change),
  cancel: (db, { booking, payments }, change) =>
    isPaid(booking) && change.actor.kind === "admin"
      ? cancelPaidBooking(db, { booking, payments }, {
        ...{ ...change, note: "The fair was moved.", money: { kind: "keep" } },
      })
      : cancelBooking(db, booking, { ...change, payments }),
  start_payment: (db, file, change) => startPayment(db, file.booking, start(file, change)),
  expire: async (db, { booking }, change) =>
    await commit(db, expiry(db, booking, change).statements),
  confirm_payment: (db, { booking, payments }, change) => {
    const receipt = { ...change, amountMinor: booking.priceMinor ?? 75_000 };
    const payment = decidable(payments);
    if (payment) return confirmPayment(db, { payment, booking }, receipt);
    const idempotencyKey = randomToken();
    return recordOutsidePayment(db, booking, { ...receipt, idempotencyKey, payments });
  },
  fail_payment: async (db, { booking, payments }, change) => {
    const payment = decidable(payments);
    const refusal = { ...change, note: "Nothing came." };
    if (payment) return await refusePayment(db, { payment, booking }, refusal);
    await commit(db, moveBooking(db, booking, { ...refusal, move: "fail_payment" }).statements);
  },
  start: (db, { booking }, change) => startBooking(db, booking, change),
  complete: (db, { booking }, change) => completeBooking(db, booking, change),
  reopen: (db, { booking }, change) =>
    reopenBooking(db, booking, { ...change, note: "One thing." }),
  reinstate: (db, { booking }, change) => reinstateBooking(db, booking, change),
  revoke: (db, file, change) =>
    revokeApproval(db, justApproved(file, change.now), { ...change, note: "Too cheap." }),
  undo: (db, file, change) => undoDecision(db, justDecided(file, change.now), change),
};

/** As if what happened last had happened this moment. */
const justDecided = (file: BookingFile, now: number): BookingFile => ({
  ...file,
  events: file.events.map((event) => ({ ...event, at: now })),
});

/** As if the clock had approved it a moment ago. */
const justApproved = (file: BookingFile, now: number): BookingFile => ({
  ...file,
  events: file.events.map((event) => ({ ...event, actorKind: "clock", at: now })),
});

const decidable = (payments: Payment[]) =>
  payments.find((payment) => isRunning(payment) || payment.status === "needs_review");

/** What `startPayment` takes for an attempt by bank transfer. */
export const start = ({ payments }: BookingFile, change: Change) => ({
  ...change,
  ...{ method: "bank" as Payment["method"], idempotencyKey: randomToken(), payments },
  opens: (_: Payment): Opening => ({ status: "open" }),
});

/** The payment that a person may decide; where there is none, one that the database does not know. */
export function paymentOf({ booking, payments }: BookingFile): Payment {
  return payments.find(needsPerson) ?? {
    ...newPayment({ ...booking, priceMinor: booking.priceMinor ?? 1 }, {
      ...{ now: booking.createdAt, method: "bank", idempotencyKey: "unknown" },
    }),
    id: "unknown",
  };
}
