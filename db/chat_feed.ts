import { and, asc, eq, gt, inArray, max, sql } from "drizzle-orm";
import type { Message } from "./chat.ts";
import type { Db } from "./client.ts";
import { rowAsJson, rowsAsJson, rowsOf } from "./json_rows.ts";
import { once, placeholders } from "./prepared.ts";
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

const feedOf = once((db) => {
  const { id } = chatChanges;
  const { message, change, limit } = placeholders("message", "change", "limit");
  const since = db.select({ row: rowAsJson(chatMessages).as("row") }).from(chatMessages)
    .where(gt(chatMessages.id, message)).orderBy(asc(chatMessages.id)).limit(limit);
  const changes = db.select({ row: rowAsJson(chatChanges).as("row") }).from(chatChanges)
    .where(gt(id, change)).orderBy(asc(id)).limit(limit);
  const touched = db.select({ id: chatChanges.messageId }).from(chatChanges)
    .where(gt(id, change)).orderBy(asc(id)).limit(limit);
  const changed = db.select({ row: rowAsJson(chatMessages).as("row") }).from(chatMessages)
    .where(inArray(chatMessages.id, touched));
  return db.select({
    messages: rowsAsJson(since),
    changes: rowsAsJson(changes),
    changed: rowsAsJson(changed),
    at: sql<number | null>`(select created_at from chat_messages where id = ${message})`,
  }).from(sql`(select 1)`).prepare();
});

/** What happened in all rooms after `cursor`, in order: what the tail reads, as one row. */
export async function readFeed(db: Db, cursor: Cursor, limit: number): Promise<Feed> {
  const found = await feedOf(db).get({ ...cursor, limit });
  const changed = new Map(
    rowsOf(chatMessages, found?.changed ?? "[]").map((message) => [message.id, message]),
  );
  return {
    messages: rowsOf(chatMessages, found?.messages ?? "[]"),
    changes: rowsOf(chatChanges, found?.changes ?? "[]").map((change) => (
      { ...change, message: changed.get(change.messageId) ?? null }
    )),
    intact: cursor.message === 0 || found?.at === cursor.at,
  };
}

/** What a reader of one room missed; `behind` when that is more than `limit`. */
type Missed = Feed & { behind: boolean };

/** Where a reader stopped. */
export type Stop = {
  message: number;
  /** Whether a stream of this room gave them that number: then it is a message of this room, or of another past. */
  heard?: boolean;
  /** A message they have and when it was said: in another past that number is said at another time. */
  epoch?: { message: number; at: number };
  /** The newest change they know; without it no older change is told. */
  change?: number;
};

/**
 * What happened in one room after the place a reader names. Without an epoch a number that was not heard is
 * believed, unless there is none as high yet.
 */
export async function readMissed(
  db: Db,
  roomId: number,
  { limit, ...from }: Stop & { limit: number },
): Promise<Missed> {
  const { message, epoch, change = Number.MAX_SAFE_INTEGER } = from;
  const inRoom = eq(chatMessages.roomId, roomId);
  const [messages, changes, places, [newest]] = await db.batch([
    db.select().from(chatMessages).where(and(inRoom, gt(chatMessages.id, message)))
      .orderBy(asc(chatMessages.id)).limit(limit + 1),
    changesOf(db).where(and(eq(chatChanges.roomId, roomId), gt(chatChanges.id, change)))
      .orderBy(asc(chatChanges.id)).limit(limit + 1),
    db.select().from(chatMessages).where(
      inArray(chatMessages.id, [message, epoch?.message ?? message]),
    ),
    db.select({ id: max(chatMessages.id) }).from(chatMessages),
  ]);
  const intact = message <= (newest?.id ?? 0) && isSamePast(from, places, roomId);
  return { messages, changes, intact, behind: messages.length > limit || changes.length > limit };
}

function isSamePast({ message, heard, epoch }: Stop, places: Message[], roomId: number): boolean {
  const place = (id: number) => places.find((place) => place.id === id);
  if (heard && message > 0 && place(message)?.roomId !== roomId) return false;
  return !epoch || epoch.message === 0 || place(epoch.message)?.createdAt === epoch.at;
}

const changesOf = (db: Db) =>
  db.select({
    id: chatChanges.id,
    roomId: chatChanges.roomId,
    messageId: chatChanges.messageId,
    message: chatMessages,
  }).from(chatChanges).leftJoin(chatMessages, eq(chatMessages.id, chatChanges.messageId));
