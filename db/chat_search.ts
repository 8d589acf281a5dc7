import { type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Message } from "./chat.ts";
import type { Db } from "./client.ts";
import { pageOf } from "./pages.ts";
import { notFound } from "./problem.ts";
import { chatMessages, chatRooms, serviceBookings } from "./schema.ts";
import { seenBy, seesAll, type Viewer } from "./viewers.ts";

/** A piece of what was said, and whether it is what was looked for. */
type Piece = { text: string; found: boolean };
export type FoundMessage =
  & Pick<Message, "id" | "authorName" | "createdAt">
  & Pick<Booking, "reference" | "clientName" | "serviceName">
  & { pieces: Piece[] };

const PAGE = 30;
/** Words that a search counts, and words that an excerpt shows. */
const WORDS = 8;
const EXCERPT = 24;
/** What stands around a match in an excerpt; in a text of their own they make nothing worse than a mark. */
const [BEGIN, END] = ["\u0002", "\u0003"];

/**
 * Messages that hold all words of `q`, the last of them as a beginning, in the rooms that `viewer`, who works
 * here, may see: newest first, from before an id. Deleted ones are not found.
 */
export async function searchMessages(
  db: Db,
  viewer: Viewer,
  { q, before }: { q: string; before?: number },
): Promise<{ found: FoundMessage[]; next: number | null }> {
  if (viewer.kind !== "admin") throw notFound();
  const words = wordsOf(q);
  if (!words) return { found: [], next: null };
  const { id, authorName, createdAt, roomId } = chatMessages;
  const { reference, clientName, serviceName } = serviceBookings;
  const excerpt = sql<
    string
  >`snippet(chat_search, 0, ${BEGIN}, ${END}, '…', ${sql.raw(String(EXCERPT))})`;
  const rows = await db.select({
    ...{ id, authorName, createdAt, reference, clientName, serviceName, excerpt },
  }).from(sql`chat_search`)
    .innerJoin(chatMessages, sql`${id} = chat_search.rowid`)
    .innerJoin(chatRooms, sql`${chatRooms.id} = ${roomId}`)
    .innerJoin(serviceBookings, sql`${serviceBookings.id} = ${chatRooms.bookingId}`)
    .where(sql`chat_search match ${words} || ${inRoomsOf(viewer.id)} and ${seenBy(viewer)}
      ${before ? sql`and chat_search.rowid < ${before}` : sql``}`)
    .orderBy(sql`chat_search.rowid desc`).limit(PAGE + 1);
  const { page, last } = pageOf(rows, PAGE);
  const found = page.map(({ excerpt, ...row }) => ({ ...row, pieces: piecesOf(excerpt) }));
  return { found, next: last?.id ?? null };
}

/** Each word in quotes, so that none of them is an operator: https://sqlite.org/fts5.html#full_text_query_syntax */
function wordsOf(q: string): string | null {
  const words = q.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, WORDS) ?? [];
  const last = words.at(-1) ?? "";
  const terms = words.map((word) => `"${word}"`).join(" AND ");
  // The index holds beginnings of two and three letters; a single one would be looked for everywhere.
  return terms && `{body} : (${terms}${[...last].length > 1 ? "*" : ""})`;
}

/**
 * Nothing for who sees all. An agent's rooms are part of the question itself, so that a common word in
 * everybody's rooms costs them nothing.
 */
const inRoomsOf = (adminId: number): SQL =>
  sql`case when ${seesAll(adminId)} then '' else ' AND {room_id} : (' || coalesce((
    select group_concat('"' || r.id || '"', ' OR ') from service_bookings b
    join chat_rooms r on r.booking_id = b.id where b.assigned_to = ${adminId}), '"0"') || ')' end`;

function piecesOf(excerpt: string): Piece[] {
  const [first = "", ...rest] = excerpt.split(BEGIN);
  const marked = rest.flatMap((part) => {
    const [found = "", ...after] = part.split(END);
    return [{ text: found, found: true }, { text: after.join(""), found: false }];
  });
  return [{ text: first, found: false }, ...marked].filter(({ text }) => text !== "");
}
