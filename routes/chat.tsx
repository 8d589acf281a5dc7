import { type Context, Hono } from "hono";
import { z } from "zod";
import { findBookingFor } from "../db/booking_finders.ts";
import type { Status } from "../db/booking_status.ts";
import { postMessage } from "../db/chat.ts";
import { findConversationFor } from "../db/chat_finders.ts";
import { isProblem, Problem } from "../db/problem.ts";
import { type Audience, ChatPage, ChatPanel } from "../views/chat.tsx";
import { Composer } from "../views/composers.tsx";
import type { FormState } from "../views/form.tsx";
import { openStream, wholeNumber } from "./chat_stream.ts";
import { actorOf, type Env } from "./context.ts";
import { orAsItStands } from "./doors.ts";
import { form, written } from "./forms.ts";
import { limit, messageLimit } from "./limits.ts";
import { goTo, respond, wantsPart } from "./respond.ts";

const sendAgain = "This message was not sent. Send it once more.";
const message = z.object({
  body: z.string("Write a message.").transform(written).pipe(
    z.string().min(1, "Write a message.").max(4000, "Write at most 4,000 characters."),
  ),
  client_id: z.string(sendAgain).trim().max(100, sendAgain).optional(),
});

const areas: Record<Audience, string> = { admin: "/admin/bookings", client: "/bookings" };

/** The conversation about a booking, as one of its two sides sees it. */
export function chatRoutesFor(audience: Audience) {
  const wrong = (c: Context<Env>, form: FormState) => show(c, audience, { form, status: 422 });

  return new Hono<Env>()
    .get("/", (c) => show(c, audience))
    .post("/messages", form(message, wrong), async (c) => {
      const { body, client_id } = c.req.valid("form");
      const said = { body, clientId: client_id || crypto.randomUUID() };
      return await orAsItStands(
        () => say(c, audience, said),
        (problem) => wrongNow(c, audience, { values: { body }, errors: { body: problem } }),
      );
    })
    .get("/stream", (c) => openStream(c, audience));
}

export const chatRoutes = chatRoutesFor("client");

type Said = { body: string; clientId: string };

async function say(c: Context<Env>, audience: Audience, said: Said) {
  const reference = await orOnceMore(() => post(c, said));
  c.var.tail.look();
  const base = `${areas[audience]}/${reference}/chat`;
  if (!wantsPart(c)) return goTo(c, `${base}#composer`);
  return c.html(<Composer {...freshComposer(base)} focus />);
}

const wrongNow = (c: Context<Env>, audience: Audience, form: FormState) =>
  show(c, audience, { form, status: 409 });

type Shown = { form?: FormState; status?: 409 | 422 };

async function show(c: Context<Env>, audience: Audience, { form, status }: Shown = {}) {
  const { zone, who, file, ...seen } = await read(c);
  const { booking } = file;
  const back = `${areas[audience]}/${booking.reference}`;
  const composer = { ...freshComposer(`${back}/chat`), ...typedInto(form) };
  const closed = file.room ? null : whyClosed(booking.status);
  const props = { ...seen, booking, zone, audience, back, composer, closed };
  const sizes = {
    page: () => <ChatPage {...props} site={c.var.site} who={who} />,
    part: () => form ? <Composer {...composer} /> : <ChatPanel {...props} />,
  };
  return respond(c, sizes, status);
}

async function read(c: Context<Env>) {
  const { db, viewer, person, site } = c.var;
  const before = wholeNumber(c.req.query("before")) || undefined;
  const at = { reference: c.req.param("ref") ?? "", before };
  const [who, seen] = await Promise.all([person, findConversationFor(db, viewer, at)]);
  return { ...seen, who, past: before !== undefined, zone: site.agency.timezone };
}

const typedInto = (form?: FormState) =>
  form && { body: form.values.body, error: form.errors.body ?? form.errors.client_id, focus: true };

const freshComposer = (base: string) => ({ base, clientId: crypto.randomUUID() });

async function post(c: Context<Env>, said: Said) {
  const { db, viewer, now } = c.var;
  const [person, { room, booking }] = await Promise.all([
    c.var.person,
    findBookingFor(db, viewer, c.req.param("ref") ?? ""),
    limit(c, [messageLimit(`${viewer.kind}:${"id" in viewer ? viewer.id : ""}`)]),
  ]);
  if (!room) throw new Problem("conflict", whyClosed(booking.status));
  await postMessage(db, { room, booking }, { ...said, actor: actorOf(person), now });
  return booking.reference;
}

/** Both sides may write first: who loses that race finds the work begun and posts again. */
async function orOnceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    return await work();
  }
}

function whyClosed(status: Status): string {
  return ["rejected", "cancelled", "expired"].includes(status)
    ? "There is no chat about this booking, because it was not paid."
    : "The chat opens as soon as the booking is paid.";
}
