import type { Message } from "./chat.ts";

/** A stretch of a conversation. */
export type Shown = {
  /** Oldest first. */
  messages: Message[];
  /** The id before which there are more. */
  olderThan: number | null;
  /** The id after which there are more: then nothing new can be added here. */
  newerThan: number | null;
  /** The first message of the other side that the viewer has not read. */
  firstUnread: number | null;
};

type Rows = {
  /** The newest, or those before an id: newest first, one more than a page. */
  newest: Message[];
  /** Around where the viewer stopped reading, or a message they asked for. */
  below: Message[];
  above: Message[];
};
type Asked = {
  part: { before?: number; after?: number; around?: number };
  side: Message["authorKind"];
  page: number;
};

/** Bytes of text that a page holds; messages are long or many, never both. */
const TEXT = 24_000;
/** About what a file adds to it. */
const FILE = 400;

/** Which of the rows are shown: with more unread than a page holds it opens at the first of them. */
export function shownOf(rows: Rows, { part, side, page }: Asked): Shown {
  if (part.before !== undefined) {
    return { ...endingAt(rows.newest, page), newerThan: null, firstUnread: null };
  }
  const around = from(part.after === undefined ? rows.below : [], rows.above, page);
  if (part.after !== undefined) return around;
  if (part.around !== undefined && rows.above.length > 0) return around;
  const firstUnread = rows.above.find(({ authorKind }) => authorKind !== side)?.id ?? null;
  const newest = endingAt(rows.newest, page);
  const reached = firstUnread === null || firstUnread >= (newest.messages[0]?.id ?? 0);
  return reached ? { ...newest, newerThan: null, firstUnread } : { ...around, firstUnread };
}

function endingAt(newestFirst: Message[], page: number) {
  const messages = fitting(newestFirst.slice(0, page)).toReversed();
  const more = newestFirst.length > messages.length;
  return { messages, olderThan: more ? messages[0]?.id ?? null : null };
}

function from(belowNewestFirst: Message[], after: Message[], page: number): Shown {
  const following = fitting(after.slice(0, page), TEXT * 2 / 3);
  const before = fitting(belowNewestFirst, TEXT / 3).toReversed();
  const messages = [...before, ...following];
  return {
    messages,
    olderThan: messages[0]?.id ?? null,
    newerThan: after.length > following.length ? following.at(-1)?.id ?? null : null,
    firstUnread: null,
  };
}

/** As many of the first as have room on a page, and at least one. */
function fitting(messages: Message[], bytes = TEXT): Message[] {
  let room = bytes;
  const end = messages.findIndex((message) => (room -= sizeOf(message)) < 0);
  return end === -1 ? messages : messages.slice(0, Math.max(1, end));
}

/** In HTML, where a few letters need five, and a file some hundred. */
const sizeOf = ({ body, files }: Message) =>
  encoder.encode(body.replace(/[&<>"']/g, "&amp;")).length + files.length * FILE;
const encoder = new TextEncoder();
