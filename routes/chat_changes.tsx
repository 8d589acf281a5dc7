import type { Context } from "hono";
import type { Message } from "../db/chat.ts";
import { deleteMessage, editMessage, mayEdit } from "../db/chat_edits.ts";
import { findOwnMessageFor } from "../db/chat_finders.ts";
import { emptyForm, type FormState } from "../views/form.tsx";
import { MessageEdit, MessageEditPage } from "../views/message_edits.tsx";
import { type Audience, MessageItem } from "../views/messages.tsx";
import { areas, wholeNumber } from "./chat_pages.tsx";
import { actorOf, type Env } from "./context.ts";
import { orAsItStands } from "./doors.ts";
import { goTo, respond, wantsPart } from "./respond.ts";

/** A message of one's own, to change or delete it. */
export async function openMessage(
  c: Context<Env>,
  audience: Audience,
  form: FormState = emptyForm,
  status?: 409 | 422,
) {
  const { site, now } = c.var;
  const { who, booking, message } = await find(c);
  const props = {
    ...{ message, booking, audience, zone: site.agency.timezone },
    base: `${areas[audience]}/${booking.reference}/chat`,
    editable: mayEdit(message, now),
    body: form.values.body,
    error: form.errors.body,
  };
  const page = () => <MessageEditPage {...props} site={site} who={who} />;
  return respond(c, { page, part: () => <MessageEdit {...props} /> }, status);
}

export const changeMessage = (c: Context<Env>, audience: Audience, body: string) =>
  write(c, audience, (found) => {
    const { db, now } = c.var;
    return editMessage(db, found, { actor: actorOf(found.who), now, body });
  }, body);

export const withdrawMessage = (c: Context<Env>, audience: Audience) =>
  write(c, audience, (found) => {
    const { db, now } = c.var;
    return deleteMessage(db, found, { actor: actorOf(found.who), now });
  });

type Found = Awaited<ReturnType<typeof find>>;

async function find(c: Context<Env>) {
  const { db, viewer, person } = c.var;
  const at = { reference: c.req.param("ref") ?? "", id: wholeNumber(c.req.param("id")) };
  const [who, found] = await Promise.all([person, findOwnMessageFor(db, viewer, at)]);
  return { who, ...found };
}

async function write(
  c: Context<Env>,
  audience: Audience,
  change: (found: Found) => Promise<Message>,
  body = "",
) {
  const stands = (problem: string) =>
    openMessage(c, audience, { values: { body }, errors: { body: problem } }, 409);
  return await orAsItStands(async () => {
    const found = await find(c);
    const message = await change(found);
    c.var.tail.look();
    const zone = c.var.site.agency.timezone;
    if (wantsPart(c)) return c.html(String(<MessageItem {...{ message, audience, zone }} own />));
    const { reference } = found.booking;
    const chat = `${areas[audience]}/${reference}/chat`;
    return goTo(c, `${chat}?message=${message.id}#message-${message.id}`);
  }, stands);
}
