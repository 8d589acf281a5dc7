import type { Context } from "hono";
import { whyClosed } from "../db/chat.ts";
import { findConversationFor, type Part } from "../db/chat_finders.ts";
import { glanceAt } from "../db/chat_presence.ts";
import { Problem } from "../db/problem.ts";
import { ChatPage, ChatPanel } from "../views/chat.tsx";
import { Composer } from "../views/composers.tsx";
import type { FormState } from "../views/form.tsx";
import type { Audience } from "../views/messages.tsx";
import type { Env } from "./context.ts";
import { readSides, sidesOf } from "./admin/chat_sides.tsx";
import { respond, wantsJson } from "./respond.ts";

/** Where each side finds the bookings. */
export const areas: Record<Audience, string> = { admin: "/admin/bookings", client: "/bookings" };

type Shown = { form?: FormState; status?: 409 | 422 };

/** The conversation, where the viewer stopped reading or at what they asked for. */
export async function show(c: Context<Env>, audience: Audience, { form, status }: Shown = {}) {
  const { who, ...props } = await read(c, audience, form);
  const sizes = {
    page: () => <ChatPage {...props} site={c.var.site} who={who} />,
    part: () => form || props.filled ? <Composer {...props.composer} /> : <ChatPanel {...props} />,
  };
  return respond(c, sizes, status);
}

/** What was not sent, with why: as a page, as a part, or as the sentence alone for a script. */
export function showProblem(
  c: Context<Env>,
  audience: Audience,
  form: FormState,
  status: 409 | 422,
) {
  if (!wantsJson(c)) return show(c, audience, { form, status });
  const sentence = Object.values(form.errors)[0] ?? "This was not sent.";
  throw new Problem(status === 409 ? "conflict" : "invalid", sentence);
}

async function read(c: Context<Env>, audience: Audience, form?: FormState) {
  const { db, viewer, person, site, now } = c.var;
  const part = partOf(c);
  const at = { reference: c.req.param("ref") ?? "", ...part };
  const [who, found, sides] = await Promise.all([
    person,
    findConversationFor(db, viewer, at),
    audience === "admin" ? readSides(c, at.reference) : null,
  ]);
  const beside = sides && sidesOf(c, sides, who);
  const { booking, room, state, ...seen } = found;
  const back = `${areas[audience]}/${booking.reference}`;
  const past = part.before !== undefined || part.after !== undefined || seen.newerThan !== null;
  return {
    ...{ ...seen, ...beside, who, booking, back, audience, past },
    rejoins: part.after !== undefined && seen.newerThan === null,
    opened: room !== null,
    closed: whyClosed(booking, room, now),
    glance: glanceAt(state, now),
    member: `${who.kind} ${who.id}`,
    zone: site.agency.timezone,
    composer: {
      base: `${back}/chat`,
      clientId: crypto.randomUUID(),
      read: seen.messages.at(-1)?.id,
      ...(beside?.filled ? { body: beside.filled, focus: true } : typedInto(form)),
    },
  };
}

function partOf(c: Context<Env>): Part {
  const [before, after, around] = ["before", "after", "message"].map((name) =>
    wholeNumber(c.req.query(name)) || undefined
  );
  const newest = c.req.query("newest") === undefined ? undefined : Number.MAX_SAFE_INTEGER;
  return { before, after, around: newest ?? around };
}

const typedInto = (form?: FormState) =>
  form &&
  {
    body: form.values.body,
    error: form.errors.body ?? form.errors.client_id ?? form.errors.file,
    focus: true,
  };

/** A row's id out of an address; anything else is 0, which is before all of them. */
export const wholeNumber = (text = "") => /^\d{1,15}$/.test(text) ? Number(text) : 0;
