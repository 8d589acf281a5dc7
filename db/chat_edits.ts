import { and, eq, type SQL, sql } from "drizzle-orm";
import { audited, type By } from "./audit.ts";
import type { Booking } from "./booking_moves.ts";
import { type Message, type Room, whyClosed } from "./chat.ts";
import { commit, type Db, isEmpty } from "./client.ts";
import { Problem } from "./problem.ts";
import { chatMessages } from "./schema.ts";

/** How long its author may change a message, in milliseconds. */
export const EDIT_WITHIN = 5 * 60_000;

type At = { message: Message; room: Room; booking: Booking };

export const mayEdit = ({ createdAt, deletedAt }: Message, now: number) =>
  deletedAt === null && now <= createdAt + EDIT_WITHIN;

/**
 * Gives a message of `actor`'s own other words. What it said before is in the audit log. Throws `conflict` after
 * five minutes, once it is deleted, and where nothing is written any more.
 */
export async function editMessage(
  db: Db,
  at: At,
  edit: By & { body: string },
): Promise<Message> {
  const { message } = at;
  const { body, now } = edit;
  assertOpen(at, now);
  if (!mayEdit(message, now)) throw tooLate();
  if (body === message.body) return message;
  const set = { body: sql<string>`case when deleted_at is null then ${body} end`, editedAt: now };
  await changeMessage(db, { at, by: edit, action: "chat.edited", set });
  return { ...message, body, editedAt: now };
}

/** Empties a message of `actor`'s own; its place stays. Throws `conflict` where nothing is written any more. */
export async function deleteMessage(db: Db, at: At, by: By): Promise<Message> {
  assertOpen(at, by.now);
  if (at.message.deletedAt !== null) return at.message;
  const body = sql<string>`case when deleted_at is null then '' end`;
  const deletedAt = by.now;
  await changeMessage(db, { at, by, action: "chat.deleted", set: { body, deletedAt } });
  return { ...at.message, body: "", deletedAt };
}

type Changing = {
  at: At;
  by: By;
  action: string;
  set: { body: SQL<string>; editedAt?: number; deletedAt?: number };
};

async function changeMessage(db: Db, { at: { message, booking }, by, action, set }: Changing) {
  const before = { message: message.id, text: message.body };
  const entry = { action, subject: booking.reference, before };
  try {
    await commit(db, [
      db.update(chatMessages).set(set).where(
        and(eq(chatMessages.id, message.id), eq(chatMessages.authorId, message.authorId)),
      ),
      audited(db, by, entry),
    ]);
  } catch (error) {
    if (isEmpty(error, "chat_messages.body")) throw tooLate();
    throw error;
  }
}

function assertOpen({ booking, room }: At, now: number) {
  const closed = whyClosed(booking, room, now);
  if (closed) throw new Problem("conflict", closed);
}

const tooLate = () =>
  new Problem(
    "conflict",
    "A message can be changed for five minutes, and not once it is deleted. Write a new one.",
  );
