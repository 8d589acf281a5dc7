import { and, asc, count, desc, eq, type SQL } from "drizzle-orm";
import type { Booking, BookingEvent } from "./booking_moves.ts";
import {
  filesIn,
  mailsToClient,
  messagesWithFiles,
  type SharedFile,
  type ToldMail,
} from "./booking_sides.ts";
import type { Room } from "./chat.ts";
import type { Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { notFound } from "./problem.ts";
import type { Receipt } from "./receipts.ts";
import { readReference } from "./reference.ts";
import type { Refund } from "./refunds.ts";
import {
  bookingEvents,
  chatMessages,
  chatRooms,
  payments,
  receipts,
  refunds,
  serviceBookings,
  users,
} from "./schema.ts";
import { isClaimed } from "./users.ts";
import { seenBy, type Viewer } from "./viewers.ts";

/** A booking with all that its page shows. */
export type BookingFile = {
  booking: Booking;
  events: BookingEvent[];
  payments: Payment[];
  /** What went back or is on its way, and the papers on all of it: latest first. */
  refunds: Refund[];
  receipts: Receipt[];
  room: Room | null;
  messages: number;
  /** The files of its chat and the mails to its client, latest first. */
  files: SharedFile[];
  mails: ToldMail[];
  /** Whether the client has an account with a password. */
  claimed: boolean;
  /** Whether nothing of the client's approves itself. */
  blocked: boolean;
};

/** The booking `reference` if `viewer` may see it, read in one round trip. Throws `not_found`. */
export async function findBookingFor(
  db: Db,
  viewer: Viewer,
  reference: string,
): Promise<BookingFile> {
  const [found, events, attempts, sentBack, papers, rooms, files, mails] = await readAll(
    db,
    visibleTo(viewer, reference),
  );
  if (!found[0]) throw notFound();
  return {
    booking: found[0].booking,
    claimed: isClaimed(found[0].user),
    blocked: found[0].user.blockedAt !== null,
    events: events.map((row) => row.event),
    payments: attempts.map((row) => row.payment),
    refunds: sentBack.map((row) => row.refund),
    receipts: papers.map((row) => row.receipt),
    room: rooms[0]?.room ?? null,
    messages: rooms[0]?.messages ?? 0,
    files: filesIn(files),
    mails,
  };
}

/** Of the booking that `seen` names, everything at once. */
function readAll(db: Db, seen: SQL | undefined) {
  const ofBooking = eq(bookingEvents.bookingId, serviceBookings.id);
  const ofPayment = eq(payments.bookingId, serviceBookings.id);
  return db.batch([
    db.select({ booking: serviceBookings, user: users }).from(serviceBookings)
      .innerJoin(users, eq(users.id, serviceBookings.userId)).where(seen),
    db.select({ event: bookingEvents }).from(serviceBookings).innerJoin(bookingEvents, ofBooking)
      .where(seen).orderBy(asc(bookingEvents.version)),
    db.select({ payment: payments }).from(serviceBookings)
      .innerJoin(payments, ofPayment).where(seen).orderBy(desc(payments.createdAt)),
    db.select({ refund: refunds }).from(serviceBookings).innerJoin(payments, ofPayment)
      .innerJoin(refunds, eq(refunds.paymentId, payments.id))
      .where(seen).orderBy(desc(refunds.createdAt), desc(refunds.id)),
    db.select({ receipt: receipts }).from(serviceBookings).innerJoin(payments, ofPayment)
      .innerJoin(receipts, eq(receipts.paymentId, payments.id))
      .where(seen).orderBy(desc(receipts.issuedAt), desc(receipts.number)),
    db.select({ room: chatRooms, messages: count(chatMessages.id) }).from(serviceBookings)
      .innerJoin(chatRooms, eq(chatRooms.bookingId, serviceBookings.id))
      .leftJoin(chatMessages, eq(chatMessages.roomId, chatRooms.id))
      .where(seen).groupBy(chatRooms.id),
    messagesWithFiles(db, seen),
    mailsToClient(db, seen),
  ]);
}

/** The booking `typed` names, if `viewer` may see it. Throws `not_found` for what is no reference. */
export function visibleTo(viewer: Viewer, typed: string): SQL | undefined {
  if (viewer.kind === "guest") return seenBy(viewer);
  const reference = readReference(typed);
  if (!reference) throw notFound();
  return and(eq(serviceBookings.reference, reference), seenBy(viewer));
}

/** Whether `viewer` may see the booking `reference` now: for what stays open while roles and tasks change. */
export async function maySee(db: Db, viewer: Viewer, reference: string): Promise<boolean> {
  const found = await db.select({ id: serviceBookings.id }).from(serviceBookings)
    .where(visibleTo(viewer, reference)).get();
  return found !== undefined;
}

/** A client's bookings, newest first. */
export async function listBookingsOf(db: Db, userId: number): Promise<Booking[]> {
  return await db.select().from(serviceBookings).where(eq(serviceBookings.userId, userId))
    .orderBy(desc(serviceBookings.id)).limit(200);
}
