import { and, asc, eq, inArray, notExists, or } from "drizzle-orm";
import { type Booking, moveBooking } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { confirmable } from "./payment_status.ts";
import { isProblem } from "./problem.ts";
import { payments, serviceBookings } from "./schema.ts";

const DAY = 86_400_000;
const clock = { kind: "clock" as const, id: null, name: "ConnectPro" };

/**
 * Bookings that wait for a payment none of whose attempts is under way or holds money, as after its last money was
 * sent back: they can be paid again, for a day at least. Returns how many.
 */
export async function freeIdleBookings(db: Db, now: number, limit: number): Promise<number> {
  let freed = 0;
  for (const booking of await listIdle(db, limit)) {
    if (await free(db, booking, now)) freed++;
  }
  return freed;
}

async function listIdle(db: Db, limit: number): Promise<Booking[]> {
  const alive = db.select({ id: payments.id }).from(payments).where(and(
    eq(payments.bookingId, serviceBookings.id),
    or(
      inArray(payments.status, confirmable),
      and(eq(payments.status, "succeeded"), eq(payments.part, true)),
    ),
  ));
  return await db.select().from(serviceBookings)
    .where(and(eq(serviceBookings.status, "payment_pending"), notExists(alive)))
    .orderBy(asc(serviceBookings.id)).limit(limit);
}

/** Whoever moves the booking meanwhile has found something better to do with it. */
async function free(db: Db, booking: Booking, now: number): Promise<boolean> {
  const set = { payBy: Math.max(booking.payBy ?? 0, now + DAY) };
  const note = "Nobody is paying any more.";
  const moved = moveBooking(db, booking, { actor: clock, now, move: "fail_payment", set, note });
  try {
    await commit(db, moved.statements);
    return true;
  } catch (error) {
    if (isProblem(error, "conflict")) return false;
    throw error;
  }
}
