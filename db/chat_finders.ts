import { and, desc, eq, lt } from "drizzle-orm";
import { type BookingFile, findBookingFor, visibleTo } from "./booking_finders.ts";
import type { Message } from "./chat.ts";
import type { Db } from "./client.ts";
import { chatMessages, chatRooms, serviceBookings } from "./schema.ts";
import type { Viewer } from "./viewers.ts";

const PAGE = 200;

export type Conversation = {
  file: BookingFile;
  /** One page of messages, oldest first. */
  messages: Message[];
  /** The id before which there are more. */
  olderThan: number | null;
};

/**
 * The conversation about `reference`, if `viewer` may see the booking: its newest messages, or those before
 * an id. Both reads run at once. Throws `not_found`.
 */
export async function findConversationFor(
  db: Db,
  viewer: Viewer,
  { reference, before }: { reference: string; before?: number },
): Promise<Conversation> {
  const seen = visibleTo(viewer, reference);
  const older = before === undefined ? undefined : lt(chatMessages.id, before);
  const [file, rows] = await Promise.all([
    findBookingFor(db, viewer, reference),
    db.select({ message: chatMessages }).from(serviceBookings)
      .innerJoin(chatRooms, eq(chatRooms.bookingId, serviceBookings.id))
      .innerJoin(chatMessages, eq(chatMessages.roomId, chatRooms.id))
      .where(and(seen, older)).orderBy(desc(chatMessages.id)).limit(PAGE + 1),
  ]);
  const messages = rows.slice(0, PAGE).map((row) => row.message).reverse();
  return { file, messages, olderThan: rows.length > PAGE ? messages[0]?.id ?? null : null };
}
