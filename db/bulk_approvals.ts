import { and, asc, inArray } from "drizzle-orm";
import type { Booking, Change } from "./booking_moves.ts";
import { approveBooking } from "./booking_reviews.ts";
import type { Db } from "./client.ts";
import { type Decided, UNDO_WITHIN } from "./decision_undo.ts";
import { isProblem } from "./problem.ts";
import { serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

/** A booking that was chosen, as it was read. */
export type Pick = { reference: string; version: number };
/** What became of one: approved, or why not. */
export type Approved = Decided | { booking: Booking; why: string };

/** The bookings of these names that `viewer` sees, oldest first. */
export async function listBookingsNamed(
  db: Db,
  viewer: Viewer,
  references: string[],
): Promise<Booking[]> {
  return await db.select().from(serviceBookings)
    .where(and(inArray(serviceBookings.reference, references), seenBy(viewer)))
    .orderBy(asc(serviceBookings.id));
}

type Approvals = Change & {
  picks: Pick[];
  /** One price for all in minor units, or null for each at the price of its catalogue. */
  priceOf: (booking: Booking) => number | null;
};

/**
 * Approves each of `bookings` that is still as it was picked, in a commit of its own: one that cannot be
 * approved keeps back no other. As many round trips as bookings.
 */
export async function approveEach(db: Db, bookings: Booking[], by: Approvals): Promise<Approved[]> {
  const results: Approved[] = [];
  for (const booking of bookings) results.push(await approveOne(db, booking, by));
  return results;
}

async function approveOne(db: Db, booking: Booking, by: Approvals): Promise<Approved> {
  const { picks, priceOf, ...change } = by;
  const priceMinor = priceOf(booking);
  if (!picks.some(isAsPicked(booking))) return { booking, why: changed };
  if (priceMinor === null) return { booking, why: unpriced };
  try {
    const mailAt = by.now + UNDO_WITHIN;
    return await approveBooking(db, booking, { ...change, priceMinor, mailAt });
  } catch (error) {
    if (isProblem(error, "conflict")) return { booking, why: error.message };
    throw error;
  }
}

const isAsPicked = (booking: Booking) => ({ reference, version }: Pick) =>
  reference === booking.reference && version === booking.version;

const changed = "This booking has changed since you read it. Look again.";
const unpriced = "It has no catalogue price: write the price, or review it by itself.";
