import { and, eq, exists, isNull, type Placeholder, type SQL, sql } from "drizzle-orm";
import { audited } from "./audit.ts";
import { type ActorKind, type Move, type Status, statusAfter } from "./booking_status.ts";
import type { Db, Statement } from "./client.ts";
import { admins, bookingEvents, serviceBookings } from "./schema.ts";

export type Booking = typeof serviceBookings.$inferSelect;
export type BookingEvent = typeof bookingEvents.$inferSelect;

/** The request that somebody acted by: its number, and a pseudonym of the address it came from. */
export type Origin = { requestId: string; addressHash: string };
/** Who makes a change: required wherever one is made. */
export type Actor = { kind: ActorKind; id: number | null; name: string; origin?: Origin };
export type Change = { actor: Actor; now: number; note?: string | null };
export type Moved = { booking: Booking; event: BookingEvent; statements: Statement[] };

/**
 * The writes of one move of `booking` as it was read: its event, then its row. Run them with `commit`: the
 * unique (booking, version) of the event lets one of two racing writers through, and none where `onlyIf`, a
 * condition over other tables, does not hold by then. Whatever moves a booking ends why it waited for a person.
 * Throws `conflict` when the table of moves does not allow it. Only db/ calls this.
 */
export function moveBooking(
  db: Db,
  booking: Booking,
  step: { move: Move; set?: Partial<Booking>; onlyIf?: SQL } & Change,
): Moved {
  const status = statusAfter(booking.status, step.move, step.actor.kind);
  const version = booking.version + 1;
  const set = { attention: null, ...step.set, status, version, updatedAt: step.now };
  const event = eventOf(booking, { ...step, to: status });
  return {
    booking: { ...booking, ...set },
    event,
    statements: [
      db.insert(bookingEvents).values({ ...event, ...guarded(status, step.onlyIf) }),
      ...(step.actor.kind === "admin" ? [auditOf(db, booking, { ...step, to: status })] : []),
      db.update(serviceBookings).set(set)
        .where(
          and(eq(serviceBookings.id, booking.id), eq(serviceBookings.version, booking.version)),
        ),
    ],
  };
}

/** NULL where the condition does not hold: the column refuses it, and with it the whole batch. */
const guarded = (status: Status, onlyIf: SQL | undefined) =>
  onlyIf && { toStatus: sql<Status>`case when ${onlyIf} then ${status} end` };

/** Gives `booking` to one of the admins who work here, or to nobody: no move, it stays what it is. */
export const giveTo = (db: Db, booking: Booking, adminId: number | null): Statement =>
  db.update(serviceBookings).set({ assignedTo: adminId }).where(and(
    eq(serviceBookings.id, booking.id),
    adminId === null ? undefined : exists(
      db.select({ id: admins.id }).from(admins)
        .where(and(eq(admins.id, adminId), isNull(admins.deactivatedAt))),
    ),
  ));

/** Keeps with every pending booking why a person must answer it, where that changed: no move either. */
export const noteAttention = (db: Db, why: SQL<string | null>, reference?: Placeholder) =>
  db.update(serviceBookings).set({ attention: why }).where(and(
    eq(serviceBookings.status, "pending"),
    reference && eq(serviceBookings.reference, reference),
    sql`${serviceBookings.attention} is not ${why}`,
  ));

const auditOf = (db: Db, booking: Booking, step: { move: Move; to: Status } & Change) =>
  audited(db, step, {
    action: `booking.${step.move}`,
    subject: booking.reference,
    before: { status: booking.status, version: booking.version },
    after: { status: step.to, version: booking.version + 1 },
  });

function eventOf(
  booking: Booking,
  step: { move: Move; to: Status; set?: Partial<Booking> } & Change,
): BookingEvent {
  return {
    bookingId: booking.id,
    version: booking.version + 1,
    move: step.move,
    fromStatus: booking.status,
    toStatus: step.to,
    actorKind: step.actor.kind,
    actorId: step.actor.id,
    actorName: step.actor.name,
    priceMinor: step.set?.priceMinor ?? null,
    note: step.note || null,
    at: step.now,
  };
}
