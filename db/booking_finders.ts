import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Booking, BookingEvent } from "./booking_moves.ts";
import {
  filesIn,
  mailsIn,
  mailsToClient,
  messagesWithFiles,
  type SharedFile,
  type ToldMail,
} from "./booking_sides.ts";
import type { Room } from "./chat.ts";
import type { Db } from "./client.ts";
import { listOnce, rowAsJson, rowOf, rowsAsJson, rowsOf } from "./json_rows.ts";
import type { Payment } from "./payments.ts";
import { once } from "./prepared.ts";
import { notFound } from "./problem.ts";
import type { Receipt } from "./receipts.ts";
import { readReference } from "./reference.ts";
import type { Refund } from "./refunds.ts";
import {
  bookingEvents,
  chatRooms,
  payments,
  receipts,
  refunds,
  serviceBookings,
  users,
} from "./schema.ts";
import { isClaimed } from "./users.ts";
import {
  anyAdmin,
  anyClient,
  anyGuest,
  type Looker,
  nameOf,
  seenBy,
  type Viewer,
} from "./viewers.ts";

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

const fileFor = (viewer: Looker) =>
  once((db) =>
    db.select({ booking: rowAsJson(serviceBookings), user: users, ...listsOf(db) })
      .from(serviceBookings).innerJoin(users, eq(users.id, serviceBookings.userId))
      .where(namedFor(viewer)).prepare()
  );

/** What belongs to the booking that the query is at. */
function listsOf(db: Db) {
  const { id } = serviceBookings;
  const ofBooking = eq(payments.bookingId, id);
  const events = db.select({ row: rowAsJson(bookingEvents).as("row") }).from(bookingEvents)
    .where(eq(bookingEvents.bookingId, id)).orderBy(asc(bookingEvents.version));
  const attempts = db.select({ row: rowAsJson(payments).as("row") }).from(payments)
    .where(ofBooking).orderBy(desc(payments.createdAt));
  const sentBack = db.select({ row: rowAsJson(refunds).as("row") }).from(payments)
    .innerJoin(refunds, eq(refunds.paymentId, payments.id))
    .where(ofBooking).orderBy(desc(refunds.createdAt), desc(refunds.id));
  const papers = db.select({ row: rowAsJson(receipts).as("row") }).from(payments)
    .innerJoin(receipts, eq(receipts.paymentId, payments.id))
    .where(ofBooking).orderBy(desc(receipts.issuedAt), desc(receipts.number));
  const rooms = db.select({ row: rowAsJson(chatRooms).as("row") }).from(chatRooms)
    .where(eq(chatRooms.bookingId, id));
  const room = sql`(select id from chat_rooms where booking_id = ${id})`;
  return {
    events: rowsAsJson(events),
    payments: rowsAsJson(attempts),
    refunds: rowsAsJson(sentBack),
    receipts: rowsAsJson(papers),
    rooms: rowsAsJson(rooms),
    messages: sql<number>`(select count(*) from chat_messages where room_id = ${room})`,
    files: rowsAsJson(messagesWithFiles(db)),
    mails: rowsAsJson(mailsToClient(db)),
  };
}

const fileOf = {
  client: fileFor(anyClient),
  admin: fileFor(anyAdmin),
  guest: fileFor(anyGuest),
};

/** The booking `typed` names, if `viewer` may see it, read as one row. Throws `not_found`. */
export async function findBookingFor(db: Db, viewer: Viewer, typed: string): Promise<BookingFile> {
  const found = await fileOf[viewer.kind](db).get(naming(viewer, typed));
  const booking = rowOf(serviceBookings, found?.booking);
  if (!found || !booking) throw notFound();
  return {
    booking,
    claimed: isClaimed(found.user),
    blocked: found.user.blockedAt !== null,
    events: rowsOf(bookingEvents, found.events),
    payments: rowsOf(payments, found.payments),
    refunds: rowsOf(refunds, found.refunds),
    receipts: rowsOf(receipts, found.receipts),
    room: rowsOf(chatRooms, found.rooms)[0] ?? null,
    messages: found.messages,
    files: filesIn(found.files),
    mails: mailsIn(found.mails),
  };
}

/** The booking that `naming` fills in, if such a viewer may see it. */
export const namedFor = (viewer: Looker): SQL | undefined =>
  viewer.kind === "guest"
    ? seenBy(viewer)
    : and(eq(serviceBookings.reference, sql.placeholder("reference")), seenBy(viewer));

/** Who looks at which booking; a guest's link names the booking by itself. */
export const naming = (viewer: Viewer, typed: string) => ({
  viewer: nameOf(viewer),
  reference: viewer.kind === "guest" ? null : readReference(typed),
});

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

const bookingsOf = listOnce(
  serviceBookings,
  (db) =>
    db.select({ row: rowAsJson(serviceBookings).as("row") }).from(serviceBookings)
      .where(eq(serviceBookings.userId, sql.placeholder("user")))
      .orderBy(desc(serviceBookings.id)).limit(200),
);

/** A client's bookings, newest first. */
export const listBookingsOf = (db: Db, user: number): Promise<Booking[]> =>
  bookingsOf(db, { user });
