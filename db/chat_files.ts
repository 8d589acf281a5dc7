import { and, eq, isNull, sql } from "drizzle-orm";
import { visibleTo } from "./booking_finders.ts";
import type { Db, Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import {
  type Attachment,
  chatAttachments,
  chatMessages,
  chatRooms,
  serviceBookings,
  storedFiles,
} from "./schema.ts";
import { cleanName, type Kinds } from "./file_checks.ts";
import { fileStatements, type NewFile, type StoredFile } from "./stored_files.ts";
import type { Viewer } from "./viewers.ts";

/** How many files one message may carry. */
export const MOST_FILES = 5;
/** What a message may carry. */
export const chatKinds: Kinds = {
  endings: {
    "application/pdf": ["pdf"],
    "image/png": ["png"],
    "image/jpeg": ["jpg", "jpeg"],
    "image/webp": ["webp"],
    "image/gif": ["gif"],
    "text/plain": ["txt"],
  },
  words: "PNG, JPEG, WebP, GIF, PDF or text",
};
/** What the rule says that keeps a room's files below 200 MB. */
export const NO_SPACE = "the files of this room reach 200 MB";

/** A problem of one of several files, by its name. */
export const named = (name: string, { message }: Problem) =>
  refused(`${cleanName(name)}: ${message}`);

export const tooManyFiles = () => refused("Send at most five files with one message.");

const refused = (message: string) => new Problem("invalid", message, "file");

export const noSpace = () =>
  refused("The files of this conversation reach 200 MB. Delete some of yours, or send a link.");

/** A file as its message shows it. */
export const attachmentOf = ({ id, name, type, size, picture }: NewFile): Attachment => ({
  ...{ id, name, type, size },
  ...picture,
});

/** The writes that keep the files of a message, for the batch that posts it. */
export function attach(
  db: Db,
  files: NewFile[],
  to: { roomId: number; clientId: string; now: number },
): Statement[] {
  return files.flatMap((file, position) => [
    ...fileStatements(db, file, to.now),
    {
      sql: `insert into chat_attachments (file_id, room_id, message_id, position)
        select ?, room_id, id, ? from chat_messages where room_id = ? and client_id = ?`,
      args: [file.id, position, to.roomId, to.clientId],
    },
  ]);
}

/** A file of a message in the room of `reference`, if `viewer` may read that. Throws `not_found`. */
export async function findChatFileFor(
  db: Db,
  viewer: Viewer,
  { reference, id }: { reference: string; id: string },
): Promise<StoredFile & { picture: boolean }> {
  const width = sql<number | null>`(select json_extract(value, '$.width')
    from json_each(${chatMessages.files}) where json_extract(value, '$.id') = ${id})`;
  const row = await db.select({ file: storedFiles, width }).from(chatAttachments)
    .innerJoin(storedFiles, eq(storedFiles.id, chatAttachments.fileId))
    .innerJoin(chatMessages, eq(chatMessages.id, chatAttachments.messageId))
    .innerJoin(chatRooms, eq(chatRooms.id, chatAttachments.roomId))
    .innerJoin(serviceBookings, eq(serviceBookings.id, chatRooms.bookingId))
    .where(and(
      eq(chatAttachments.fileId, id),
      visibleTo(viewer, reference),
      isNull(chatMessages.deletedAt),
    )).get();
  if (!row) throw notFound();
  return { ...row.file, picture: row.width !== null };
}
