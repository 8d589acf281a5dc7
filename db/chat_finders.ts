import { and, asc, desc, eq, gt, lt, lte, type SQL, sql } from "drizzle-orm";
import { namedFor, naming, visibleTo } from "./booking_finders.ts";
import type { Booking } from "./booking_moves.ts";
import type { Message, Room } from "./chat.ts";
import type { RoomState } from "./chat_presence.ts";
import type { Db } from "./client.ts";
import { rowAsJson, rowOf, rowsAsJson, rowsOf } from "./json_rows.ts";
import { once } from "./prepared.ts";
import { notFound } from "./problem.ts";
import { chatMessages, chatPresence, chatReads, chatRooms, serviceBookings } from "./schema.ts";
import { anyAdmin, anyClient, anyGuest, type Looker, type Viewer } from "./viewers.ts";
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
  const { before = null, after, around } = part;
  const anchor = after ?? (around === undefined ? null : around - 1);
  const asked = { ...naming(viewer, reference), before, anchor };
  const found = await conversationOf[viewer.kind](db).get(asked);
  const booking = rowOf(serviceBookings, found?.booking);
  if (!found || !booking) throw notFound();
  const rows = {
    newest: rowsOf(chatMessages, found.newest),
    below: rowsOf(chatMessages, found.below),
    above: rowsOf(chatMessages, found.above),
  };
  return {
    booking,
    room: rowOf(chatRooms, found.room) ?? null,
    ...shownOf(rows, { part, side: viewer.kind === "admin" ? "admin" : "client", page: PAGE }),
    state: {
      members: rowsOf(chatPresence, found.members),
      reads: rowsOf(chatReads, found.reads),
    },
    change: found.change,
  };
}

/** A booking and its room, and what else of them is asked, built once for each kind of viewer. */
const placeFor = <More extends Record<string, SQL>>(
  viewer: Looker,
  more: (db: Db) => More,
) =>
  once((db) => {
    const room = sql<string | null>`iif(${chatRooms.id} is null, null, ${rowAsJson(chatRooms)})`;
    return db.select({ booking: rowAsJson(serviceBookings), room, ...more(db) })
      .from(serviceBookings)
      .leftJoin(chatRooms, eq(chatRooms.bookingId, serviceBookings.id))
      .where(namedFor(viewer)).prepare();
  });

/** What belongs to the room that the query is at. */
function partsOf(db: Db, viewer: Looker) {
  const rowsIn = <T extends InRoom>(table: T, which?: SQL) =>
    db.select({ row: rowAsJson(table).as("row") }).from(table as InRoom)
      .where(and(eq(table.roomId, chatRooms.id), which)).$dynamic();
  const messages = (which: SQL, order: SQL, limit: number) =>
    rowsAsJson(rowsIn(chatMessages, which).orderBy(order).limit(limit));
  const { id } = chatMessages;
  const before = sql`coalesce(${sql.placeholder("before")}, ${Number.MAX_SAFE_INTEGER})`;
  const anchor = sql`coalesce(${sql.placeholder("anchor")}, ${readBy(viewer)}, 0)`;
  return {
    newest: messages(lt(id, before), desc(id), PAGE + 1),
    below: messages(lte(id, anchor), desc(id), BEFORE),
    above: messages(gt(id, anchor), asc(id), PAGE + 1),
    members: rowsAsJson(rowsIn(chatPresence)),
    reads: rowsAsJson(rowsIn(chatReads)),
    change: sql<number>`coalesce((select max(id) from chat_changes), 0)`,
  };
}

type InRoom = typeof chatMessages | typeof chatPresence | typeof chatReads;

/** The booking `reference` and its room, if `viewer` may see them. Throws `not_found`. */
export async function findRoomFor(db: Db, viewer: Viewer, reference: string): Promise<Place> {
  const found = await placeOf[viewer.kind](db).get(naming(viewer, reference));
  const booking = rowOf(serviceBookings, found?.booking);
  if (!found || !booking) throw notFound();
  return { booking, room: rowOf(chatRooms, found.room) ?? null };
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

/** Up to where `viewer` has read. Who works here and never opened the room begins after their team's last words. */
function readBy(viewer: Looker): SQL {
  const id = viewer.kind === "guest" ? 0 : viewer.id;
  const begin = viewer.kind === "admin" ? sql`${chatRooms.lastAdminMessage}` : sql`0`;
  return sql`(select message_id from chat_reads where room_id = ${chatRooms.id}
    and member_kind = ${viewer.kind} and member_id = ${id}), ${begin}`;
}

const placeOf = {
  client: placeFor(anyClient, () => ({})),
  admin: placeFor(anyAdmin, () => ({})),
  guest: placeFor(anyGuest, () => ({})),
};
const conversationOf = {
  client: placeFor(anyClient, (db) => partsOf(db, anyClient)),
  admin: placeFor(anyAdmin, (db) => partsOf(db, anyAdmin)),
  guest: placeFor(anyGuest, (db) => partsOf(db, anyGuest)),
};
