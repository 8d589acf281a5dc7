import type { Context } from "hono";
import { maySee } from "../db/booking_finders.ts";
import { memberOf } from "../db/chat.ts";
import type { Stop } from "../db/chat_feed.ts";
import { findRoomFor } from "../db/chat_finders.ts";
import { openStream as countStream } from "../db/chat_streams.ts";
import { notFound } from "../db/problem.ts";
import type { Audience } from "../views/messages.tsx";
import { wholeNumber } from "./chat_pages.tsx";
import { actorOf, type Env } from "./context.ts";
import { sessionWatch } from "./session.ts";

const headers = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "private, no-store, no-transform",
  "X-Accel-Buffering": "no",
};

/**
 * The messages of a booking's room from where the reader stopped. Nothing is opened before the session and
 * the membership are known, because nobody would close it when the answer becomes another one. That somebody
 * listens is all that a GET ever writes: it counts their streams, and says that they are here.
 */
export async function openStream(c: Context<Env>, audience: Audience) {
  const { db, viewer, tail, now } = c.var;
  const reference = c.req.param("ref") ?? "";
  const [alive, { room }, person] = await Promise.all([
    sessionWatch(c, audience),
    findRoomFor(db, viewer, reference),
    c.var.person,
  ]);
  if (!room) throw notFound();
  if (c.req.method === "HEAD") return c.body(null, 200, headers);
  const id = await countStream(db, { room, member: memberOf(actorOf(person)) }, now);
  const mayListen = async () =>
    (await Promise.all([alive(), maySee(db, viewer, reference)])).every(Boolean);
  const reader = { id, roomId: room.id, audience, from: stopOf(c), mayListen };
  return c.body(tail.open(reader), 200, headers);
}

/**
 * Where the reader stopped. A browser that comes back by itself says so in a header; its address still names the
 * message it began after, and when that was said.
 */
function stopOf(c: Context<Env>): Stop {
  const { after, at, change } = c.req.query();
  const heard = c.req.header("Last-Event-ID");
  return {
    message: wholeNumber(heard || after),
    heard: Boolean(heard),
    epoch: at === undefined ? undefined : { message: wholeNumber(after), at: wholeNumber(at) },
    change: change === undefined ? undefined : wholeNumber(change),
  };
}
