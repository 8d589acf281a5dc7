import { type Booking, type Change, moveBooking, type Moved } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { holdsMoney, type Payment, voidAll } from "./payments.ts";
import { Problem } from "./problem.ts";

const DAY = 86_400_000;
/** How long an approved price stands before the booking expires. */
export const PAY_WITHIN = 7 * DAY;
/** How long after completion a booking may be reopened. */
export const REOPEN_WITHIN = 14 * DAY;

/** Fixes the price, in minor units, and tells the client how to pay. */
export async function approveBooking(
  db: Db,
  booking: Booking,
  change: Change & { priceMinor: number },
) {
  const { priceMinor, note = null } = change;
  const set = { priceMinor, approvalNote: note, payBy: change.now + PAY_WITHIN, heldAt: null };
  return await run(db, moveBooking(db, booking, { ...change, move: "approve", set }), (moved) => [
    mailToClient(db, moved, { template: "booking_approved", now: change.now, params: { note } }),
  ]);
}

export async function rejectBooking(db: Db, booking: Booking, change: Change & { note: string }) {
  return await run(db, moveBooking(db, booking, { ...change, move: "reject" }), (moved) => [
    mailToClient(db, moved, {
      template: "booking_rejected",
      now: change.now,
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

/** Ends an approved booking that nobody paid in time. */
export async function expireBooking(db: Db, booking: Booking, change: Change) {
  return await run(db, moveBooking(db, booking, { ...change, move: "expire" }));
}

async function run(
  db: Db,
  { booking, event, statements }: Moved,
  brings: (moved: Booking) => Statement[] = () => [],
) {
  await commit(db, [...statements, ...brings(booking)]);
  return { booking, event };
}
