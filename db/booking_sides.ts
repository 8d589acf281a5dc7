import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { Email } from "./emails.ts";
import { objectOf } from "./json_rows.ts";
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

type Row = { id: string; files: Attachment[]; author: string; at: number };

/** The messages with files of the booking that the query around it is at, the newest first, one row for each file. */
export const messagesWithFiles = (db: Db) => {
  const { files, authorName: author, createdAt: at } = chatMessages;
  const row = objectOf({ id: chatAttachments.fileId, files: sql`json(${files})`, author, at });
  return db.select({ row: row.as("row") }).from(chatRooms)
    .innerJoin(chatAttachments, eq(chatAttachments.roomId, chatRooms.id))
    .innerJoin(chatMessages, eq(chatMessages.id, chatAttachments.messageId))
    .where(and(eq(chatRooms.bookingId, serviceBookings.id), isNull(chatMessages.deletedAt)))
    .orderBy(desc(chatMessages.id), chatAttachments.position).limit(MOST);
};

/** The file that each row is for. */
export const filesIn = (json: string): SharedFile[] =>
  (JSON.parse(json) as Row[]).flatMap(({ id, files, author, at }) =>
    files.filter((file) => file.id === id).map((file) => ({ ...file, author, at }))
  );

/** The mails to the client of the booking that the query around it is at, the newest first. */
export const mailsToClient = (db: Db) => {
  const { id, template, status, createdAt } = emailNotifications;
  return db.select({ row: objectOf({ id, template, status, createdAt }).as("row") })
    .from(emailNotifications).where(and(
      eq(emailNotifications.bookingId, serviceBookings.id),
      eq(emailNotifications.recipientEmail, serviceBookings.clientEmail),
    ))
    .orderBy(desc(id)).limit(MOST);
};

export const mailsIn = (json: string) => JSON.parse(json) as ToldMail[];
