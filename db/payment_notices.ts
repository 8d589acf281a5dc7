import { and, asc, eq, inArray, or, sql } from "drizzle-orm";
import { commit, type Db, isAborted, isUnique } from "./client.ts";
import { keepNotice } from "./kept_notices.ts";
import { type Case, decide, type Effect } from "./payment_decisions.ts";
import { effectStatements } from "./payment_effects.ts";
import { isProblem } from "./problem.ts";
import { paymentNotices, payments, refunds, serviceBookings } from "./schema.ts";

type Row = typeof paymentNotices.$inferSelect;
/** What a provider says about an attempt, in words that fit all of them. */
export type Notice = Omit<Row, "effect" | "receivedAt" | "providerPayment"> & {
  /**
   * What the provider calls the money that came: an intent, a capture, a transfer. Money with another name is more
   * money; without a name a second success of an attempt is the first one told again.
   */
  providerPayment?: string;
  /** Why it failed, in one word; of money that came, why a person must look: `chain`, `token`, `unconfirmed`. */
  reason?: string;
  /** A person says that this is more money than what one has confirmed by hand. */
  besides?: true;
  /** Which refund it is about: as the provider calls it, and as we do. */
  refund?: { ref: string; id?: string };
};
/** What came of a notice; `known` and `unknown` ones left nothing behind. */
export type Taken = Effect | "known" | "unknown";

const TRIES = 5;

/**
 * Takes what a provider says: kept once, in the same batch as what it brings about. Every entrance ends here, in any
 * order, any number of times at once. Throws `conflict` only when the booking is moved again and again meanwhile.
 */
export async function takeNotice(db: Db, notice: Notice, now: number): Promise<Taken> {
  for (let attempt = 1;; attempt++) {
    const found = await readCase(db, notice);
    if (typeof found === "string") return found;
    const decision = decide(found, notice);
    try {
      await commit(db, [
        keepNotice(db, notice, { effect: decision.effect, now }),
        ...effectStatements(db, found, { notice, decision, now }),
      ]);
      return decision.effect;
    } catch (error) {
      if (isUnique(error, "payment_notices")) return "known";
      if (attempt === TRIES || !isOutdated(error)) throw error;
    }
  }
}

/** Whether a batch failed because the booking or its money changed since they were read. */
const isOutdated = (error: unknown) =>
  isProblem(error, "conflict") || isUnique(error, "refunds") ||
  isAborted(error, "refunds exceed the payment");

async function readCase(db: Db, notice: Notice): Promise<Case | "known" | "unknown"> {
  const { provider, eventId, paymentId } = notice;
  const ofBooking =
    sql`${payments.bookingId} = (select booking_id from payments where id = ${paymentId})`;
  const [known, attempts, bookings, said, back] = await db.batch([
    db.select({ id: paymentNotices.eventId }).from(paymentNotices)
      .where(and(eq(paymentNotices.provider, provider), eq(paymentNotices.eventId, eventId))),
    db.select().from(payments).where(ofBooking),
    db.select({ booking: serviceBookings }).from(payments)
      .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId))
      .where(eq(payments.id, paymentId)),
    db.select().from(paymentNotices).where(and(
      eq(paymentNotices.paymentId, paymentId),
      or(
        inArray(paymentNotices.outcome, ["refunded", "refund_failed"]),
        and(
          eq(paymentNotices.outcome, "succeeded"),
          inArray(paymentNotices.effect, ["succeeded", "needs_review", "doubled"]),
        ),
      ),
    )),
    db.select().from(refunds).where(eq(refunds.paymentId, paymentId))
      .orderBy(asc(refunds.createdAt), asc(refunds.id)),
  ]);
  const payment = attempts.find(({ id }) => id === paymentId);
  const booking = bookings[0]?.booking;
  if (known.length > 0) return "known";
  if (!payment || !booking) return "unknown";
  const others = attempts.filter((other) => other !== payment);
  // What a person found never came counts no more: should it come after all, it is new money.
  const [earlier, sentBack] = [
    said.filter(({ outcome }) => outcome === "succeeded" && payment.status !== "failed"),
    said.filter(({ outcome }) => outcome !== "succeeded"),
  ];
  return { payment, booking, earlier, sentBack, others, refunds: back };
}
