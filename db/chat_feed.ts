import { and, asc, eq, gt, max } from "drizzle-orm";
import type { Message } from "./chat.ts";
import type { Db } from "./client.ts";
import { chatChanges, chatMessages } from "./schema.ts";

/** A place in all that happens in all rooms: the newest message with its instant, and the newest change. */
export type Cursor = { message: number; at: number | null; change: number };
export type Change = { id: number; roomId: number; messageId: number; message: Message | null };
export type Feed = {
  messages: Message[];
  changes: Change[];
  /** Whether the place is still the one it was: in a restored backup its number means something else. */
  intact: boolean;
};

/** Where all rooms stand now. */
export async function readCursor(db: Db): Promise<Cursor> {
  const newest = db.select({ id: max(chatMessages.id) }).from(chatMessages);
  const [[message], [change]] = await db.batch([
    db.select({ id: chatMessages.id, at: chatMessages.createdAt }).from(chatMessages)
      .where(eq(chatMessages.id, newest)),
    db.select({ id: max(chatChanges.id) }).from(chatChanges),
  ]);
  return { message: message?.id ?? 0, at: message?.at ?? null, change: change?.id ?? 0 };
}

/** What happened in all rooms after `cursor`, in order: what the tail reads, in one trip. */
export async function readFeed(db: Db, cursor: Cursor, limit: number): Promise<Feed> {
  const [messages, changes, place] = await db.batch([
    db.select().from(chatMessages).where(gt(chatMessages.id, cursor.message))
      .orderBy(asc(chatMessages.id)).limit(limit),
    changesOf(db).where(gt(chatChanges.id, cursor.change)).orderBy(asc(chatChanges.id)).limit(
      limit,
    ),
    placeOf(db, cursor.message),
  ]);
  return { messages, changes, intact: isIntact(cursor.message, cursor.at, place) };
}

/** What a reader of one room missed; `behind` when that is more than `limit`. */
export type Missed = Feed & { behind: boolean };

/**
 * What happened in one room after the place a reader names. Without `at` the number alone is believed, unless
 * there is none as high yet; without `change` no older change is told.
 */
export async function readMissed(
  db: Db,
  roomId: number,
  from: { message: number; at?: number; change?: number; limit: number },
): Promise<Missed> {
  const { message, at, change = Number.MAX_SAFE_INTEGER, limit } = from;
  const inRoom = eq(chatMessages.roomId, roomId);
  const [messages, changes, place, [newest]] = await db.batch([
    db.select().from(chatMessages).where(and(inRoom, gt(chatMessages.id, message)))
      .orderBy(asc(chatMessages.id)).limit(limit + 1),
    changesOf(db).where(and(eq(chatChanges.roomId, roomId), gt(chatChanges.id, change)))
      .orderBy(asc(chatChanges.id)).limit(limit + 1),
    placeOf(db, message),
    db.select({ id: max(chatMessages.id) }).from(chatMessages),
  ]);
  const intact = at === undefined ? message <= (newest?.id ?? 0) : isIntact(message, at, place);
  return { messages, changes, intact, behind: messages.length > limit || changes.length > limit };
}

const changesOf = (db: Db) =>
  db.select({
    id: chatChanges.id,
    roomId: chatChanges.roomId,
    messageId: chatChanges.messageId,
    message: chatMessages,
  }).from(chatChanges).leftJoin(chatMessages, eq(chatMessages.id, chatChanges.messageId));

const placeOf = (db: Db, id: number) =>
  db.select({ at: chatMessages.createdAt }).from(chatMessages).where(eq(chatMessages.id, id));

const isIntact = (message: number, at: number | null, place: { at: number }[]) =>
  message === 0 || place[0]?.at === at;
