import { and, desc, eq, isNull, type SQL } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { Email } from "./emails.ts";
import {
  type Attachment,
  chatAttachments,
  chatMessages,
  chatRooms,
  emailNotifications,
  serviceBookings,
} from "./schema.ts";

/** A file of the chat, and who sent it when. */
export type SharedFile = Attachment & { author: string; at: number };
/** A mail to the client, and what became of it. */
export type ToldMail = Pick<Email, "id" | "template" | "status" | "createdAt">;

/** How many of each are shown. */
const MOST = 50;

/** Of the booking `seen`: the messages with files, the newest first, one row for each file. */
export const messagesWithFiles = (db: Db, seen: SQL | undefined) =>
  db.select({
    ...{ id: chatAttachments.fileId, files: chatMessages.files },
    ...{ author: chatMessages.authorName, at: chatMessages.createdAt },
  }).from(serviceBookings)
    .innerJoin(chatRooms, eq(chatRooms.bookingId, serviceBookings.id))
    .innerJoin(chatAttachments, eq(chatAttachments.roomId, chatRooms.id))
    .innerJoin(chatMessages, eq(chatMessages.id, chatAttachments.messageId))
    .where(and(seen, isNull(chatMessages.deletedAt)))
    .orderBy(desc(chatMessages.id), chatAttachments.position).limit(MOST);

type Row = Awaited<ReturnType<typeof messagesWithFiles>>[number];

/** The file that each row is for. */
export const filesIn = (rows: Row[]): SharedFile[] =>
  rows.flatMap(({ id, files, author, at }) =>
    files.filter((file) => file.id === id).map((file) => ({ ...file, author, at }))
  );

/** Of the booking `seen`: the mails to its client, the newest first. */
export const mailsToClient = (db: Db, seen: SQL | undefined) => {
  const { id, template, status, createdAt } = emailNotifications;
  return db.select({ id, template, status, createdAt }).from(serviceBookings)
    .innerJoin(emailNotifications, eq(emailNotifications.bookingId, serviceBookings.id))
    .where(and(seen, eq(emailNotifications.recipientEmail, serviceBookings.clientEmail)))
    .orderBy(desc(emailNotifications.id)).limit(MOST);
};
