import { and, asc, eq, inArray, lte, notExists, or, type SQL, sql } from "drizzle-orm";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { expiry } from "./booking_reviews.ts";
import { commit, type Db } from "./client.ts";
import { voidAll } from "./payment_settlement.ts";
import { inFlight } from "./payment_status.ts";
import { payments, serviceBookings } from "./schema.ts";

/** How long after the time to pay a page that was opened just before it may be paid. */
const GRACE = 3_600_000;
/** The same of a bank transfer, which may have been sent without a word. */
const TRANSFER_GRACE = 3 * 86_400_000;

/** Bookings whose time to pay is over while no money is here or on its way. */
export async function listUnpaid(db: Db, now: number, limit: number): Promise<Booking[]> {
  const { id, status, payBy } = serviceBookings;
  const having = (which: SQL | undefined) =>
    db.select({ one: sql`1` }).from(payments).where(and(eq(payments.bookingId, id), which));
  const held = having(or(inArray(payments.status, [...inFlight, "needs_review"]), isPaidPart));
  const transfers = having(and(eq(payments.status, "open"), eq(payments.method, "bank")));
  return await db.select().from(serviceBookings)
    .where(and(
      or(
        and(eq(status, "approved"), lte(payBy, now)),
        and(eq(status, "payment_pending"), lte(payBy, now - GRACE), notExists(transfers)),
        and(eq(status, "payment_pending"), lte(payBy, now - TRANSFER_GRACE)),
      ),
      notExists(held),
    ))
    .orderBy(asc(payBy)).limit(limit);
}

const isPaidPart = and(eq(payments.status, "succeeded"), eq(payments.part, true));

/**
 * Ends a booking that nobody paid in time, and the attempt that was begun and left. Throws `conflict` if money is
 * on its way or here by now.
 */
export async function endUnpaid(db: Db, booking: Booking, change: Change) {
  const begun = booking.status === "payment_pending";
  const failed = begun ? moveBooking(db, booking, { ...change, move: "fail_payment" }) : null;
  const ended = expiry(db, failed?.booking ?? booking, change);
  await commit(db, [
    ...(failed?.statements ?? []),
    ...ended.statements,
    voidAll(db, booking, change.now),
  ]);
}
