import { and, asc, desc, eq, gt, max } from "drizzle-orm";
import { type Actor, type Booking, moveBooking } from "./booking_moves.ts";
import { commit, type Db, isUnique, type Statement } from "./client.ts";
import { Problem } from "./problem.ts";
import { chatMessages, chatRooms } from "./schema.ts";

export type Message = typeof chatMessages.$inferSelect;
export type Room = typeof chatRooms.$inferSelect;

/** The room of a booking; a booking never has two. */
export function roomFor(db: Db, booking: Booking, now: number): Statement {
  return db.insert(chatRooms).values({ bookingId: booking.id, createdAt: now })
    .onConflictDoNothing();
}

type Post = { body: string; clientId: string; actor: Actor; now: number };

/**
 * Posts a message once: the same client id again changes nothing. The first message of a paid booking starts
 * the work. Throws `conflict` when the room takes no messages, or when the booking moved meanwhile.
 */
export async function postMessage(db: Db, at: { room: Room; booking: Booking }, post: Post) {
  const { room, booking } = at;
  if (!["paid", "in_progress", "completed"].includes(booking.status)) {
    throw new Problem("conflict", "This conversation is closed.");
  }
  const starts = booking.status === "paid"
    ? moveBooking(db, booking, { actor: post.actor, now: post.now, move: "start" }).statements
    : [];
  try {
    await commit(db, [...starts, messageOf(db, room, post)]);
  } catch (error) {
    if (!isUnique(error, "chat_messages")) throw error;
  }
}

const messageOf = (db: Db, room: Room, post: Post) =>
  db.insert(chatMessages).values({
    roomId: room.id,
    authorKind: post.actor.kind === "admin" ? "admin" : "client",
    authorId: post.actor.id ?? 0,
    authorName: post.actor.name,
    body: post.body,
    clientId: post.clientId,
    createdAt: post.now,
  });

/** The newest messages of a room, oldest first. */
export async function listMessages(db: Db, bookingId: number, limit = 200): Promise<Message[]> {
  const rows = await db.select({ message: chatMessages }).from(chatMessages)
    .innerJoin(chatRooms, eq(chatRooms.id, chatMessages.roomId))
    .where(eq(chatRooms.bookingId, bookingId))
    .orderBy(desc(chatMessages.id)).limit(limit);
  return rows.map((row) => row.message).reverse();
}

/** Messages of one room after an id, in order: what a reconnecting reader missed. */
export async function listMessagesAfter(
  db: Db,
  roomId: number,
  from: { after: number; limit: number },
): Promise<Message[]> {
  return await db.select().from(chatMessages)
    .where(and(eq(chatMessages.roomId, roomId), gt(chatMessages.id, from.after)))
    .orderBy(asc(chatMessages.id)).limit(from.limit);
}

/** Messages of all rooms after an id, in order: what the tail reads. */
export async function listAllMessagesAfter(
  db: Db,
  after: number,
  limit: number,
): Promise<Message[]> {
  return await db.select().from(chatMessages).where(gt(chatMessages.id, after))
    .orderBy(asc(chatMessages.id)).limit(limit);
}

export async function lastMessageId(db: Db): Promise<number> {
  const row = await db.select({ id: max(chatMessages.id) }).from(chatMessages).get();
  return row?.id ?? 0;
}
