import { and, asc, eq, lt, type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Message, Room } from "./chat.ts";
import type { Db } from "./client.ts";
import { pageOf } from "./pages.ts";
import { notFound } from "./problem.ts";
import { admins, chatMessages, chatReads, chatRooms, serviceBookings } from "./schema.ts";
import { seenThrough, type Viewer } from "./viewers.ts";

export type RoomFilter = {
  /** What is new for the one who looks, or what they look after; else every room they may see. */
  show?: "unread" | "mine";
  /** Where the last page ended. */
  after?: RoomPlace;
};
/** A place in the list: ids part the rooms of one turn. */
export type RoomPlace = Pick<Room, "turn" | "id">;
/** As much of a room's newest message as a line holds. */
export type LastMessage = Pick<
  Message,
  "authorKind" | "authorName" | "body" | "files" | "deletedAt" | "createdAt"
>;
export type RoomRow = Pick<Booking, "reference" | "clientName" | "serviceName" | "status"> & {
  room: Room;
  /** Who looks after the booking. */
  assignee: string | null;
  last: LastMessage | null;
  /** Messages of the client that are new for the one who looks; at most 99. */
  unread: number;
};

const PAGE = 40;
/** Letters of a message that the list shows. */
const LINE = 160;
/** Beyond this a number says nothing more. */
const MOST = 99;
/** The turns of rooms that wait are instants; those of all others lie above. */
const LAST_INSTANT = 4e15;
export const waits = lt(chatRooms.turn, LAST_INSTANT);

const newest = sql<number>`max(${chatRooms.lastClientMessage}, ${chatRooms.lastAdminMessage})`;
const read = sql<
  number
>`max(coalesce(${chatReads.messageId}, 0), ${chatRooms.lastAdminMessage})`;
const isNew =
  sql`${chatRooms.waitingSince} is not null and ${chatRooms.lastClientMessage} > ${read}`;
const unread = sql<
  number
>`case when ${isNew} then (select count(*) from (select 1 from chat_messages n
  where n.room_id = ${chatRooms.id} and n.id > ${read} and n.author_kind = 'client'
  and n.deleted_at is null limit ${MOST})) else 0 end`;

/** One page of the rooms that `viewer`, who works here, may see: who waits longest for an answer comes first. */
export async function listRooms(
  db: Db,
  viewer: Viewer,
  { show, after = { turn: 0, id: 0 } }: RoomFilter,
): Promise<{ rooms: RoomRow[]; next: RoomPlace | null }> {
  if (viewer.kind !== "admin") throw notFound();
  const rows = await db.select({
    room: chatRooms,
    reference: serviceBookings.reference,
    clientName: serviceBookings.clientName,
    serviceName: serviceBookings.serviceName,
    status: serviceBookings.status,
    assignee: admins.name,
    last: {
      authorKind: chatMessages.authorKind,
      authorName: chatMessages.authorName,
      body: sql<string>`substr(${chatMessages.body}, 1, ${LINE})`,
      files: chatMessages.files,
      deletedAt: chatMessages.deletedAt,
      createdAt: chatMessages.createdAt,
    },
    unread,
  }).from(chatRooms)
    .innerJoin(serviceBookings, eq(serviceBookings.id, chatRooms.bookingId))
    .leftJoin(admins, eq(admins.id, serviceBookings.assignedTo))
    .leftJoin(chatMessages, eq(chatMessages.id, newest))
    .leftJoin(chatReads, readBy(viewer.id))
    .where(and(
      seenThrough(viewer, chatRooms.bookingId),
      narrowed(show, viewer.id),
      sql`(${chatRooms.turn}, ${chatRooms.id}) > (${after.turn}, ${after.id})`,
    )).orderBy(asc(chatRooms.turn), asc(chatRooms.id)).limit(PAGE + 1);
  const { page: rooms, last } = pageOf(rows, PAGE);
  return { rooms, next: last?.room ?? null };
}

const readBy = (adminId: number) =>
  and(
    eq(chatReads.roomId, chatRooms.id),
    eq(chatReads.memberKind, "admin"),
    eq(chatReads.memberId, adminId),
  );

function narrowed(show: RoomFilter["show"], adminId: number): SQL | undefined {
  const { assignedTo } = serviceBookings;
  if (show === "mine") return eq(assignedTo, adminId);
  if (show !== "unread") return undefined;
  // The plus keeps the way by rooms: those that wait are few, bookings that are nobody's may be most.
  const theirs = sql`(+${assignedTo} is null or +${assignedTo} = ${adminId})`;
  return and(waits, isNew, theirs);
}
