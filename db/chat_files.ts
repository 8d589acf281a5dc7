import { and, eq, isNull, sql } from "drizzle-orm";
import { visibleTo } from "./booking_finders.ts";
import type { Db, Statement } from "./client.ts";
import { imageSize } from "./image_sizes.ts";
import { isProblem, notFound, Problem } from "./problem.ts";
import {
  type Attachment,
  chatAttachments,
  chatMessages,
  chatRooms,
  serviceBookings,
  storedFiles,
} from "./schema.ts";
import {
  checkFile,
  cleanName,
  fileStatements,
  type Kinds,
  type NewFile,
  type StoredFile,
} from "./stored_files.ts";
import type { Viewer } from "./viewers.ts";

/** How many files one message may carry. */
export const MOST_FILES = 5;
const kinds: Kinds = {
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

/**
 * The files of a message as they may be kept, each for what its bytes are. Throws `invalid` on `file` for more
 * than five, and for the first one that is not taken, by its name.
 */
export async function checkFiles(sent: { name: string; bytes: Uint8Array }[]): Promise<NewFile[]> {
  if (sent.length > MOST_FILES) throw refused("Send at most five files with one message.");
  const files: NewFile[] = [];
  for (const one of sent) files.push(await orNamed(one.name, () => checkFile(one, kinds)));
  return files;
}

async function orNamed(name: string, work: () => Promise<NewFile>): Promise<NewFile> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "invalid")) throw error;
    throw refused(`${cleanName(name)}: ${error.message}`);
  }
}

const refused = (message: string) => new Problem("invalid", message, "file");

export const noSpace = () =>
  refused("The files of this conversation reach 200 MB. Delete some of yours, or send a link.");

/** A file as its message shows it. */
export const attachmentOf = ({ id, name, type, size, bytes }: NewFile): Attachment => ({
  ...{ id, name, type, size },
  ...imageSize(type, bytes),
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
