import { type Context, Hono } from "hono";
import { z } from "zod";
import { postMessage, type Room } from "../db/chat.ts";
import { isProblem, Problem } from "../db/problem.ts";
import type { Audience } from "../views/messages.tsx";
import { Composer } from "../views/composers.tsx";
import type { FormState } from "../views/form.tsx";
import { messageFiles, placeFor } from "./chat_places.ts";
import { areas, show, showProblem } from "./chat_pages.tsx";
import { changeMessage, openMessage, withdrawMessage } from "./chat_changes.tsx";
import { hearTyping, keepRead, refuseRead } from "./chat_signals.ts";
import { openFile } from "./chat_files.ts";
import { openStream } from "./chat_stream.ts";
import { actorOf, type Env } from "./context.ts";
import { orAsItStands } from "./doors.ts";
import { filesOf, hasFile } from "./files.ts";
import { form, orInvalid, written } from "./forms.ts";
import { goTo, wantsJson, wantsPart } from "./respond.ts";
import type { Upload } from "./upload_forms.ts";

const sendAgain = "This message was not sent. Send it once more.";
const text = z.string("Write a message.").transform(written)
  .pipe(z.string().max(4000, "Write at most 4,000 characters."));
const words = text.pipe(z.string().min(1, "Write a message."));
const message = z.object({
  body: text,
  file: z.unknown().optional(),
  client_id: z.string(sendAgain).trim().max(100, sendAgain).optional(),
  read: z.coerce.number().int().min(0).optional().catch(undefined),
}).refine(({ body, file }) => body !== "" || hasFile(file), {
  path: ["body"],
  message: "Write a message.",
});
const change = z.object({ body: words });
const reading = z.object({ message: z.coerce.number("Which message?").int().min(1) });

/** The conversation about a booking, as one of its two sides sees it. */
export function chatRoutesFor(audience: Audience) {
  const wrong = (c: Context<Env>, form: FormState) => showProblem(c, audience, form, 422);

  return new Hono<Env>()
    .get("/", (c) => show(c, audience))
    .post("/messages", messageFiles, form(message, wrong), async (c) => {
      const { body, client_id, ...sent } = c.req.valid("form");
      const clientId = client_id || crypto.randomUUID();
      const said = { ...sent, body, clientId, upload: c.var.upload };
      const stands = (problem: string) =>
        showProblem(c, audience, { values: { body }, errors: { body: problem } }, 409);
      const work = () => orAsItStands(() => say(c, audience, said), stands);
      return await orInvalid({ body }, work, (state) => wrong(c, state));
    })
    .get("/files/:id", openFile)
    .get("/messages/:id", (c) => openMessage(c, audience))
    .post(
      "/messages/:id",
      form(change, (c, state) => openMessage(c, audience, state, 422)),
      (c) => changeMessage(c, audience, c.req.valid("form").body),
    )
    .post("/messages/:id/deletion", (c) => withdrawMessage(c, audience))
    .post("/reads", form(reading, refuseRead), (c) => keepRead(c, c.req.valid("form").message))
    .post("/typing", hearTyping)
    .get("/stream", (c) => openStream(c, audience));
}

export const chatRoutes = chatRoutesFor("client");

type Said = { body: string; file?: unknown; upload?: Upload; clientId: string; read?: number };

async function say(c: Context<Env>, audience: Audience, said: Said) {
  const { reference, id } = await orOnceMore(() => post(c, said));
  c.var.tail.look();
  const base = `${areas[audience]}/${reference}/chat`;
  if (wantsJson(c)) return c.json({ id, client_id: said.clientId });
  if (!wantsPart(c)) return goTo(c, `${base}#composer`);
  return c.html(<Composer base={base} clientId={crypto.randomUUID()} focus />);
}

async function post(c: Context<Env>, said: Said) {
  const { db, now } = c.var;
  const { person, room, booking, closed } = await placeFor(c);
  if (closed) throw new Problem("conflict", closed);
  const files = filesOf(said.file, said.upload);
  const at = { room: room as Room, booking };
  const { id, isNew } = await postMessage(db, at, { ...said, files, actor: actorOf(person), now });
  if (said.upload) said.upload.kept = isNew;
  return { reference: booking.reference, id };
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
