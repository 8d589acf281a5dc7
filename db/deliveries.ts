import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Booking, BookingEvent } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import { once } from "./prepared.ts";
import { bookingEvents, serviceBookings } from "./schema.ts";

const DAY = 86_400_000;
/** The moves that a promise begins with, and that it ends with. */
const turns = ["confirm_payment", "reopen"];

type Turn = Pick<BookingEvent, "move" | "at">;

/**
 * When the work is due, in UTC milliseconds: so many days after the whole price was here. Null before that, and
 * for work that was taken up again.
 */
export function deliverBy({ deliveryDays }: Booking, events: Turn[]): number | null {
  const last = events.findLast(({ move }) => turns.includes(move));
  return last?.move === "confirm_payment" ? last.at + deliveryDays * DAY : null;
}

const turnsOf = once((db) => {
  const { bookingId: booking, move, at } = bookingEvents;
  return db.select({ booking, move, at }).from(serviceBookings)
    .innerJoin(bookingEvents, eq(bookingEvents.bookingId, serviceBookings.id))
    .where(and(
      eq(serviceBookings.userId, sql.placeholder("user")),
      inArray(serviceBookings.status, ["paid", "in_progress"]),
      inArray(bookingEvents.move, turns),
    ))
    .orderBy(asc(bookingEvents.version)).prepare();
});

/** What `deliverBy` asks for, of a client's bookings in work: oldest first. */
export const listTurnsOf = (db: Db, user: number): Promise<(Turn & { booking: number })[]> =>
  turnsOf(db).all({ user });
