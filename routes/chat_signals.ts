import type { Context } from "hono";
import { memberOf, type Room, whyClosed } from "../db/chat.ts";
import { findRoomFor } from "../db/chat_finders.ts";
import { recordTyping } from "../db/chat_presence.ts";
import { recordRead } from "../db/chat_reads.ts";
import { notFound, Problem } from "../db/problem.ts";
import { actorOf, type Env } from "./context.ts";
import { limit, signalLimit } from "./limits.ts";

/** Keeps how far the member has read. */
export async function keepRead(c: Context<Env>, messageId: number) {
  const { db, now, tail } = c.var;
  const place = await placeOf(c);
  await recordRead(db, place, { messageId, now });
  tail.look();
  return c.body(null, 204);
}

/** What names no message; in a foreign room nobody is told so. */
export async function refuseRead(c: Context<Env>): Promise<never> {
  await placeOf(c);
  throw new Problem("invalid", "Which message was read? Name it.");
}

/** Tells the room that the member is writing; where nothing can be written that is no news. */
export async function hearTyping(c: Context<Env>) {
  const { db, now, tail } = c.var;
  const { room, booking, member } = await placeOf(c);
  if (whyClosed(booking, room, now) === null) {
    await recordTyping(db, { room, member }, now);
    tail.look();
  }
  return c.body(null, 204);
}

async function placeOf(c: Context<Env>) {
  const { db, viewer, person } = c.var;
  const [who, { room, booking }] = await Promise.all([
    person,
    findRoomFor(db, viewer, c.req.param("ref") ?? ""),
    limit(c, [signalLimit(`${viewer.kind}:${"id" in viewer ? viewer.id : ""}`)]),
  ]);
  if (!room) throw notFound();
  return { room: room as Room, booking, member: memberOf(actorOf(who)) };
}
