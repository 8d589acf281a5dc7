import type { Context } from "hono";
import { whyClosed } from "../db/chat.ts";
import { chatKinds, MOST_FILES, named, tooManyFiles } from "../db/chat_files.ts";
import { findRoomFor } from "../db/chat_finders.ts";
import type { Env } from "./context.ts";
import { limit, messageLimit } from "./limits.ts";
import { takeFiles } from "./uploads.ts";

type Place = Awaited<ReturnType<typeof readPlace>>;
const found = new WeakMap<Request, Place>();

/** Who writes in which room, counted as one message. Throws `not_found`, and `too_many`. */
async function readPlace(c: Context<Env>) {
  const { db, viewer, now } = c.var;
  const [person, { room, booking }] = await Promise.all([
    c.var.person,
    findRoomFor(db, viewer, c.req.param("ref") ?? ""),
    limit(c, [messageLimit(`${viewer.kind}:${"id" in viewer ? viewer.id : ""}`)]),
  ]);
  return { person, room, booking, closed: whyClosed(booking, room, now) };
}

/** The same once: what was read before the files arrived is not read again. */
export async function placeFor(c: Context<Env>): Promise<Place> {
  const place = found.get(c.req.raw) ?? await readPlace(c);
  found.delete(c.req.raw);
  return place;
}

/** The files of a message, of those alone who may write one. */
export const messageFiles = takeFiles({
  ...{ kinds: chatKinds, most: MOST_FILES, tooMany: tooManyFiles, named },
  async admit(c) {
    const place = await readPlace(c);
    found.set(c.req.raw, place);
    return { sender: c.var.viewer, may: place.closed === null };
  },
});
