import { and, eq } from "drizzle-orm";
import { type Actor, type Booking, moveBooking } from "./booking_moves.ts";
import { attach, attachmentOf, NO_SPACE, noSpace } from "./chat_files.ts";
import { readUpTo } from "./chat_reads.ts";
import { stopTyping } from "./chat_presence.ts";
import { commitAndTell, type Db, isAborted, isUnique, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { chatMessages, chatRooms } from "./schema.ts";
import { isSwept, type NewFile, swept } from "./stored_files.ts";

export type Message = typeof chatMessages.$inferSelect;
export type Room = typeof chatRooms.$inferSelect;
/** One of those who talk in a room. */
export type Member = { kind: Message["authorKind"]; id: number; name: string };

/** How long after the work is done its room still takes messages, in milliseconds. */
export const TALK_ON = 14 * 86_400_000;

/** The room of a booking; a booking never has two. */
export function roomFor(db: Db, booking: Booking, now: number): Statement {
  return db.insert(chatRooms).values({ bookingId: booking.id, createdAt: now })
    .onConflictDoNothing();
}

/** Why nothing can be written about `booking` now, whose room may not be open yet; null when it can. */
export function whyClosed(booking: Booking, room: Room | null, now: number): string | null {
  const { status, completedAt } = booking;
  if (["rejected", "cancelled", "expired"].includes(status)) return room ? OVER : NEVER;
  if (!room || !talking.includes(status)) return SOON;
  if (status !== "completed" || now <= (completedAt ?? now) + TALK_ON) return null;
  return DONE;
}

const talking = ["paid", "in_progress", "completed"];
const SOON = "The chat opens as soon as the booking is paid.";
const NEVER = "There is no chat about this booking, because it was not paid.";
const OVER =
  "This conversation is closed, because the booking was called off. You can still read it.";
const DONE = "This conversation ended 14 days after the work was done. You can still read it.";

type Post = {
  /** May be empty where a file says it all. */
  body: string;
  files?: NewFile[];
  clientId: string;
  actor: Actor;
  now: number;
  /** The newest message the author had before them. */
  read?: number;
};

/**
 * Posts a message once and tells its id; the same client id again changes nothing, and tells the id of what is
 * there. The first message of a paid booking starts the work. Throws `conflict` when the room takes no messages, or when the booking moved meanwhile, and `invalid` on
 * `file` when the room has no space for its files.
 */
export async function postMessage(
  db: Db,
  at: { room: Room; booking: Booking },
  post: Post,
): Promise<{ id: number; isNew: boolean }> {
  const { room, booking } = at;
  const closed = whyClosed(booking, room, post.now);
  if (closed) throw new Problem("conflict", closed);
  const starts = booking.status === "paid"
    ? moveBooking(db, booking, { actor: post.actor, now: post.now, move: "start" }).statements
    : [];
  const member = memberOf(post.actor);
  const reads = post.read ? [readUpTo(db, { room, member }, post.read, post.now)] : [];
  try {
    const told = await commitAndTell(db, [
      ...starts,
      messageOf(db, room, post),
      ...attach(db, post.files ?? [], { roomId: room.id, ...post }),
      stopTyping(db, { room, member }),
      ...reads,
    ]);
    return { id: Number(told[starts.length]?.[0]?.id), isNew: true };
  } catch (error) {
    if (isAborted(error, NO_SPACE)) throw noSpace();
    if (isSwept(error)) throw swept();
    if (!isUnique(error, "chat_messages")) throw error;
    return { id: await findByClientId(db, room, post.clientId), isNew: false };
  }
}

async function findByClientId(db: Db, room: Room, clientId: string): Promise<number> {
  const { id, roomId } = chatMessages;
  const [message] = await db.select({ id }).from(chatMessages)
    .where(and(eq(roomId, room.id), eq(chatMessages.clientId, clientId)));
  if (!message) throw notFound();
  return message.id;
}

/** Who `actor` is in a conversation. */
export const memberOf = ({ kind, id, name }: Actor): Member => ({
  kind: kind === "admin" ? "admin" : "client",
  id: id ?? 0,
  name,
});

const messageOf = (db: Db, room: Room, post: Post) => {
  const { kind, id, name } = memberOf(post.actor);
  return db.insert(chatMessages).values({
    roomId: room.id,
    authorKind: kind,
    authorId: id,
    authorName: name,
    body: post.body,
    files: post.files?.map(attachmentOf),
    clientId: post.clientId,
    createdAt: post.now,
  }).returning({ id: chatMessages.id });
};
