import type { Context } from "hono";
import { findBookingFor, maySee } from "../db/booking_finders.ts";
import { notFound, Problem } from "../db/problem.ts";
import type { Audience } from "./chat_tail.ts";
import type { Env } from "./context.ts";
import { sessionWatch } from "./session.ts";

const headers = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "private, no-store",
  "X-Accel-Buffering": "no",
};

/** How many streams one member may have open. */
const STREAMS = 6;
const tooManyOpen = "You have this open in many places. Close some of them first.";

/**
 * The messages of a booking's room from where the reader stopped. Nothing is opened before the session and
 * the membership are known, because nobody would close it when the answer becomes another one.
 */
export async function openStream(c: Context<Env>, audience: Audience) {
  const { db, viewer, tail } = c.var;
  const reference = c.req.param("ref") ?? "";
  const [alive, { room }, { kind, id }] = await Promise.all([
    sessionWatch(c, audience),
    findBookingFor(db, viewer, reference),
    c.var.person,
  ]);
  if (!room) throw notFound();
  if (c.req.method === "HEAD") return c.body(null, 200, headers);
  const member = `${kind} ${id}`;
  if (tail.openOf(member) >= STREAMS) throw new Problem("too_many", tooManyOpen);
  const after = wholeNumber(c.req.header("Last-Event-ID") || c.req.query("after"));
  const mayListen = async () =>
    (await Promise.all([alive(), maySee(db, viewer, reference)])).every(Boolean);
  return c.body(tail.open({ roomId: room.id, audience, after, member, mayListen }), 200, headers);
}

/** A row's id out of an address; anything else is 0, which is before all of them. */
export const wholeNumber = (text = "") => /^\d{1,15}$/.test(text) ? Number(text) : 0;
