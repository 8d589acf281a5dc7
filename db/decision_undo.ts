import { and, eq, inArray, sql } from "drizzle-orm";
import { refreshAttention } from "./attention.ts";
import { type BookingFile, visibleTo } from "./booking_finders.ts";
import { type Booking, type BookingEvent, type Change, moveBooking } from "./booking_moves.ts";
import { canMove } from "./booking_status.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { isProblem, Problem } from "./problem.ts";
import { bookingEvents, emailNotifications, serviceBookings } from "./schema.ts";
import type { Viewer } from "./viewers.ts";

/** How long a decision made in the queue may be taken back, in milliseconds; its mail waits as long. */
export const UNDO_WITHIN = 10_000;

const mailOf: Record<string, "booking_approved" | "booking_rejected"> = {
  ...{ approve: "booking_approved", reject: "booking_rejected" },
};

/** Whether `event`, the last of a booking, is a person's decision that may still be taken back at `now`. */
export const mayUndo = (event: BookingEvent, now: number): boolean =>
  mailOf[event.move] !== undefined && event.actorKind === "admin" &&
  canMove(event.toStatus, "undo", "admin") && now < event.at + UNDO_WITHIN;

/**
 * Takes back an approval or a rejection of which the client has not been told: the booking waits as it did, its
 * clock and its hold too, and the mail stays unsent. Throws `conflict` once the mail has left or the time is over.
 */
export async function undoDecision(
  db: Db,
  { booking, events }: Pick<BookingFile, "booking" | "events">,
  change: Change,
) {
  const decision = events.at(-1);
  const asItWas = { priceMinor: null, approvalNote: null, payBy: null, heldAt: heldSince(events) };
  const step = { ...change, move: "undo", set: asItWas, onlyIf: isUnsent(booking) } as const;
  const moved = moveBooking(db, booking, step);
  if (!decision || !mayUndo(decision, change.now)) throw tooLate();
  await commit(db, [
    ...moved.statements,
    neverSent(db, booking, change.now),
    refreshAttention(db, change.now, booking.reference),
  ]);
  return { booking: moved.booking, event: moved.event };
}

/** The hold that a booking was under while it waited, for it may be decided on hold. */
function heldSince(events: BookingEvent[]): number | null {
  const last = events.findLast(({ move }) => ["hold", "release", "revoke"].includes(move));
  return last?.move === "hold" ? last.at : null;
}

const ofDecision = ({ reference, version }: Booking) =>
  and(
    inArray(
      emailNotifications.key,
      Object.values(mailOf).map((template) => `${reference}.${template}.${version}`),
    ),
    eq(emailNotifications.status, "queued"),
  );
/** A sender that was quicker holds the mail, and with it the decision. */
const isUnsent = (booking: Booking) =>
  sql`exists (select 1 from ${emailNotifications} where ${ofDecision(booking)})`;

const neverSent = (db: Db, booking: Booking, now: number): Statement =>
  db.update(emailNotifications)
    .set({ status: "dead", lastError: "overtaken", dismissedAt: now })
    .where(ofDecision(booking));

const tooLate = () =>
  new Problem(
    "conflict",
    "A decision can be taken back for 10 seconds. The client has been told of this one.",
  );

export type Decided = { booking: Booking; event: BookingEvent };

/** A booking with what happened to it last, if `viewer` sees it; null where there is none of that name. */
export async function findLastMove(
  db: Db,
  viewer: Viewer,
  reference: string,
): Promise<Decided | null> {
  try {
    return await db.select({ booking: serviceBookings, event: bookingEvents })
      .from(serviceBookings).innerJoin(
        bookingEvents,
        and(
          eq(bookingEvents.bookingId, serviceBookings.id),
          eq(bookingEvents.version, serviceBookings.version),
        ),
      ).where(visibleTo(viewer, reference)).get() ?? null;
  } catch (error) {
    if (isProblem(error, "not_found")) return null;
    throw error;
  }
}
