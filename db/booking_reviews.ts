import type { SQL } from "drizzle-orm";
import { refreshAttention } from "./attention.ts";
import { type Booking, type Change, moveBooking, type Moved } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { voidAll } from "./payment_settlement.ts";
import { holdsMoney } from "./payment_status.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";

const DAY = 86_400_000;
/** How long an approved price stands before the booking expires. */
export const PAY_WITHIN = 7 * DAY;
/** How long after completion a booking may be reopened. */
export const REOPEN_WITHIN = 14 * DAY;

/** `mailAt` is when the client is told, where a decision may be taken back until then. */
type Decision = Change & { mailAt?: number };
type Approval = Decision & { priceMinor: number; onlyIf?: SQL };

/** Fixes the price, in minor units, and tells the client how to pay. */
export async function approveBooking(db: Db, booking: Booking, change: Approval) {
  return await run(db, approval(db, booking, change));
}

/** The writes of an approval, for a batch that makes several. */
export function approval(db: Db, booking: Booking, change: Approval): Moved {
  const { priceMinor, note = null, now, mailAt: notBefore } = change;
  const set = { priceMinor, approvalNote: note, payBy: now + PAY_WITHIN, heldAt: null };
  const moved = moveBooking(db, booking, { ...change, move: "approve", set });
  const mail = { template: "booking_approved", now, notBefore, params: { note } } as const;
  return { ...moved, statements: [...moved.statements, mailToClient(db, moved.booking, mail)] };
}

export async function rejectBooking(db: Db, booking: Booking, change: Decision & { note: string }) {
  return await run(db, moveBooking(db, booking, { ...change, move: "reject" }), (moved) => [
    mailToClient(db, moved, {
      template: "booking_rejected",
      now: change.now,
      notBefore: change.mailAt,
      params: { reason: change.note },
    }),
  ]);
}

/** Stops the clock of a pending booking; a held one is released and its clock runs on. */
export async function holdOrReleaseBooking(db: Db, booking: Booking, change: Change) {
  const move = booking.heldAt ? "release" : "hold";
  return await run(
    db,
    moveBooking(db, booking, { ...change, move, set: clockOf(booking, change.now) }),
    () => [refreshAttention(db, change.now, booking.reference)],
  );
}

function clockOf({ heldAt, autoApproveAt }: Booking, now: number): Partial<Booking> {
  if (heldAt === null) return { heldAt: now };
  return { heldAt: null, autoApproveAt: autoApproveAt && autoApproveAt + now - heldAt };
}

/** Ends a booking that is not paid. Refused while money is on its way. */
export async function cancelBooking(
  db: Db,
  booking: Booking,
  change: Change & { payments: Payment[] },
) {
  if (isPaid(booking)) throw saysNothingOfMoney(change.actor);
  if (change.payments.some(holdsMoney)) {
    throw new Problem(
      "conflict",
      "A payment is being checked, so this booking cannot be cancelled now.",
    );
  }
  return await run(db, moveBooking(db, booking, { ...change, move: "cancel" }), (moved) => [
    voidAll(db, booking, change.now),
    mailToClient(db, moved, {
      template: "booking_cancelled",
      now: change.now,
      params: { reason: change.note ?? null, by: change.actor.kind },
    }),
  ]);
}

/** Whether money has settled a booking that may still be ended. */
export const isPaid = ({ status }: Booking) => status === "paid" || status === "in_progress";

const saysNothingOfMoney = ({ kind }: Change["actor"]) =>
  kind === "admin"
    ? new Problem("conflict", "This booking is paid: say what happens with the money.", "money")
    : new Problem(
      "conflict",
      "This booking is paid, so it cannot be cancelled here. Write to us in the conversation.",
    );

export async function startBooking(db: Db, booking: Booking, change: Change) {
  return await run(db, moveBooking(db, booking, { ...change, move: "start" }));
}

export async function completeBooking(db: Db, booking: Booking, change: Change) {
  const set = { completedAt: change.now };
  return await run(db, moveBooking(db, booking, { ...change, move: "complete", set }), (moved) => [
    mailToClient(db, moved, { template: "booking_completed", now: change.now }),
  ]);
}

/** Takes a completed booking up again, up to 14 days after completion. */
export async function reopenBooking(db: Db, booking: Booking, change: Change & { note: string }) {
  if (booking.completedAt !== null && change.now > booking.completedAt + REOPEN_WITHIN) {
    throw new Problem(
      "conflict",
      "This booking was completed more than 14 days ago. Book again instead.",
    );
  }
  const set = { completedAt: null };
  return await run(db, moveBooking(db, booking, { ...change, move: "reopen", set }));
}

/** Gives an expired booking its price back, with a new date to pay by. */
export async function reinstateBooking(db: Db, booking: Booking, change: Change) {
  const set = { payBy: change.now + PAY_WITHIN };
  return await run(db, moveBooking(db, booking, { ...change, move: "reinstate", set }), (moved) => [
    mailToClient(db, moved, {
      template: "booking_approved",
      now: change.now,
      params: { note: change.note ?? null },
    }),
  ]);
}

/** The writes that end an approved booking which nobody paid in time; an abandoned attempt ends first. */
export function expiry(db: Db, booking: Booking, change: Change & { onlyIf?: SQL }): Moved {
  const moved = moveBooking(db, booking, { ...change, move: "expire" });
  const mail = { template: "booking_expired", now: change.now } as const;
  return { ...moved, statements: [...moved.statements, mailToClient(db, moved.booking, mail)] };
}

async function run(
  db: Db,
  { booking, event, statements }: Moved,
  brings: (moved: Booking) => Statement[] = () => [],
) {
  await commit(db, [...statements, ...brings(booking)]);
  return { booking, event };
}
