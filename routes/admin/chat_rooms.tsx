import { type Context, Hono } from "hono";
import { z } from "zod";
import { findRoomFor } from "../../db/chat_finders.ts";
import { listRooms, type RoomPlace } from "../../db/chat_rooms.ts";
import { searchMessages } from "../../db/chat_search.ts";
import { needsNoAnswer } from "../../db/chat_waiting.ts";
import { notFound } from "../../db/problem.ts";
import { FoundPage, FoundPanel } from "../../views/admin/chat_found.tsx";
import { RoomsPage, RoomsPanel } from "../../views/admin/chat_rooms.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { cursor, form } from "../forms.ts";
import { permits } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

/** Nonsense in an address narrows nothing. */
const query = z.object({
  q: z.string().trim().min(1).max(200).optional().catch(undefined),
  show: z.enum(["unread", "mine"]).optional().catch(undefined),
  page: z.string().regex(/^\d{1,16}-\d{1,15}$/).optional().catch(undefined),
  before: cursor,
});
const seen = z.object({ message: z.coerce.number("Which message?").int().min(1) });

/** Every conversation that somebody who works here may see, and what was said in them. */
export const chatRoomRoutes = new Hono<Env>()
  .get("/", (c) => c.req.query("q")?.trim() ? showFound(c) : showRooms(c))
  .post("/:ref/no-answer", form(seen, (c) => showRooms(c, { status: 422 })), async (c) => {
    const { db, viewer } = c.var;
    const [by, { room, booking }] = await Promise.all([
      byWhom(c),
      findRoomFor(db, viewer, c.req.param("ref")),
    ]);
    if (!room) throw notFound();
    const done = { upTo: c.req.valid("form").message, ...by };
    return await orAsItStands(async () => {
      await needsNoAnswer(db, { room, booking }, done);
      return goTo(c, "/admin/chat");
    }, (problem) => showRooms(c, { status: 409, problem }));
  });

async function showRooms(
  c: Context<Env>,
  { status, problem }: { status?: 409 | 422; problem?: string } = {},
) {
  const { db, viewer, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [who, { rooms, next }] = await Promise.all([
    c.var.person,
    listRooms(db, viewer, { show: asked.show, after: placeIn(asked.page) }),
  ]);
  const shown = { rooms, next: next && `${next.turn}-${next.id}`, query: asked, problem };
  const props = { ...shown, mayEdit: permits(who, "replies"), now, zone: site.agency.timezone };
  return respond(c, {
    page: () => <RoomsPage {...props} {...{ site, who }} />,
    part: () => <RoomsPanel {...props} />,
  }, status);
}

async function showFound(c: Context<Env>) {
  const { db, viewer, now, site } = c.var;
  const { q = "", before } = query.parse(c.req.query());
  const [who, result] = await Promise.all([
    c.var.person,
    searchMessages(db, viewer, { q, before }),
  ]);
  const props = { ...result, query: { q, before }, now, zone: site.agency.timezone };
  return respond(c, {
    page: () => <FoundPage {...props} {...{ site, who }} />,
    part: () => <FoundPanel {...props} />,
  });
}

function placeIn(page: string | undefined): RoomPlace | undefined {
  const [turn, id] = page?.split("-").map(Number) ?? [];
  return turn === undefined || id === undefined ? undefined : { turn, id };
}
