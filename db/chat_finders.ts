import { and, asc, desc, eq, gt, lt, lte, max, type SQL, sql } from "drizzle-orm";
import { visibleTo } from "./booking_finders.ts";
import type { Booking } from "./booking_moves.ts";
import type { Message, Room } from "./chat.ts";
import type { RoomState } from "./chat_presence.ts";
import type { Db } from "./client.ts";
import { notFound } from "./problem.ts";
import {
  chatChanges,
  chatMessages,
  chatPresence,
  chatReads,
  chatRooms,
  serviceBookings,
} from "./schema.ts";
import type { Viewer } from "./viewers.ts";
import { type Shown, shownOf } from "./chat_windows.ts";

/** How many messages a page shows, and how many of them before the one it opens at. */
export const PAGE = 40;
const BEFORE = 10;

export type Place = { booking: Booking; room: Room | null };
export type Conversation = Place & Shown & {
  state: RoomState;
  /** The newest change that the messages here contain. */
  change: number;
};
/** Which part: before a message, after one, around one; without any where the viewer stopped reading. */
export type Part = { before?: number; after?: number; around?: number };

/**
 * The conversation about `reference`, if `viewer` may see the booking, in one trip and of one moment. Throws
 * `not_found`.
 */
export async function findConversationFor(
  db: Db,
  viewer: Viewer,
  { reference, ...part }: Part & { reference: string },
): Promise<Conversation> {
  const { found, room } = bookingOf(db, viewer, reference);
  const anchor = part.after ?? (part.around === undefined ? readBy(viewer, room) : part.around - 1);
  const [[place], newest, below, above, members, reads, [change]] = await db.batch([
    found,
    messagesOf(db, room, part.before ? lt(chatMessages.id, part.before) : undefined)
      .orderBy(desc(chatMessages.id)).limit(PAGE + 1),
    messagesOf(db, room, lte(chatMessages.id, anchor)).orderBy(desc(chatMessages.id)).limit(BEFORE),
    messagesOf(db, room, gt(chatMessages.id, anchor)).orderBy(asc(chatMessages.id)).limit(PAGE + 1),
    db.select().from(chatPresence).where(eq(chatPresence.roomId, room)),
    db.select().from(chatReads).where(eq(chatReads.roomId, room)),
    db.select({ id: max(chatChanges.id) }).from(chatChanges),
  ]);
  if (!place) throw notFound();
  const side = viewer.kind === "admin" ? "admin" : "client";
  return {
    ...place,
    ...shownOf({ newest, below, above }, { part, side, page: PAGE }),
    state: { members, reads },
    change: change?.id ?? 0,
  };
}

/** The booking `reference` and its room, if `viewer` may see them. Throws `not_found`. */
export async function findRoomFor(db: Db, viewer: Viewer, reference: string): Promise<Place> {
  const [place] = await bookingOf(db, viewer, reference).found;
  if (!place) throw notFound();
  return place;
}

/** One message of `viewer`'s own in the room of `reference`. Throws `not_found`. */
export async function findOwnMessageFor(
  db: Db,
  viewer: Viewer,
  { reference, id }: { reference: string; id: number },
): Promise<{ booking: Booking; room: Room; message: Message }> {
  if (viewer.kind === "guest") throw notFound();
  const [own] = await db.select({
    booking: serviceBookings,
    room: chatRooms,
    message: chatMessages,
  })
    .from(serviceBookings)
    .innerJoin(chatRooms, eq(chatRooms.bookingId, serviceBookings.id))
    .innerJoin(chatMessages, eq(chatMessages.roomId, chatRooms.id))
    .where(and(
      visibleTo(viewer, reference),
      eq(chatMessages.id, id),
      eq(chatMessages.authorKind, viewer.kind),
      eq(chatMessages.authorId, viewer.id),
    ));
  if (!own) throw notFound();
  return own;
}

function bookingOf(db: Db, viewer: Viewer, reference: string) {
  const seen = visibleTo(viewer, reference);
  const ofBooking = eq(chatRooms.bookingId, serviceBookings.id);
  const found = db.select({ booking: serviceBookings, room: chatRooms }).from(serviceBookings)
    .leftJoin(chatRooms, ofBooking).where(seen);
  const room = db.select({ id: chatRooms.id }).from(serviceBookings)
    .innerJoin(chatRooms, ofBooking).where(seen);
  return { found, room: sql<number>`${room}` };
}

const messagesOf = (db: Db, room: SQL<number>, which?: SQL) =>
  db.select().from(chatMessages).where(and(eq(chatMessages.roomId, room), which));

/** Up to where `viewer` has read. Who works here and never opened the room begins after their team's last words. */
function readBy(viewer: Viewer, room: SQL<number>): SQL<number> {
  const id = viewer.kind === "guest" ? 0 : viewer.id;
  const begin = viewer.kind === "admin"
    ? sql`(select last_admin_message from chat_rooms where id = ${room})`
    : sql`0`;
  return sql`coalesce((select message_id from chat_reads where room_id = ${room}
    and member_kind = ${viewer.kind} and member_id = ${id}), ${begin}, 0)`;
}
