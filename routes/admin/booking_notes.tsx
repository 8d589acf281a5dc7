import { type Context, Hono } from "hono";
import { z } from "zod";
import { findOwnNoteFor, type NoteFile } from "../../db/booking_notes.ts";
import { deleteNote, keepNote } from "../../db/note_writing.ts";
import { Notes } from "../../views/admin/booking_notes.tsx";
import { actorOf, type Env } from "../context.ts";
import { form, requiredText } from "../forms.ts";
import { goTo, wantsPart } from "../respond.ts";
import { notesProps, type Place, readNotes, showNotes, views } from "./note_pages.tsx";

const again = "This note was not kept. Keep it once more.";
const note = z.object({
  note: requiredText("Write the note."),
  idempotency_key: z.string(again).regex(/^[\w-]{1,64}$/, again).optional(),
  view: views,
});

/** What staff write for each other about a booking they see. */
export const noteRoutes = new Hono<Env>()
  .get("/:ref/notes", (c) => showNotes(c))
  .post("/:ref/notes", form(note, showNotes), async (c) => {
    const { note: body, idempotency_key, view } = c.req.valid("form");
    const { who, booking, ...file } = await readNotes(c);
    const key = idempotency_key ?? crypto.randomUUID();
    const by = { actor: actorOf(who), now: c.var.now };
    const kept = await keepNote(c.var.db, booking, { body, idempotencyKey: key, ...by });
    const others = file.notes.filter((note) => note.idempotencyKey !== key);
    const notes = others.length < file.notes.length ? file.notes : [kept, ...others];
    return leave(c, { who, view, reference: booking.reference }, { ...file, notes });
  })
  .post("/:ref/notes/:key/deletion", async (c) => {
    const view = views.parse((await c.req.parseBody()).view);
    const at = { reference: c.req.param("ref"), key: c.req.param("key") };
    const [{ who, booking, ...file }, own] = await Promise.all([
      readNotes(c),
      findOwnNoteFor(c.var.db, c.var.viewer, at),
    ]);
    const gone = await deleteNote(c.var.db, own, { actor: actorOf(who), now: c.var.now });
    const notes = file.notes.map((note) => note.idempotencyKey === at.key ? gone : note);
    return leave(c, { who, view, reference: booking.reference }, { ...file, notes });
  });

/** Colleagues hear of it; back to the page that the form was on. */
function leave(c: Context<Env>, at: Place, file: Pick<NoteFile, "notes" | "next">) {
  c.var.tail.look();
  const props = notesProps(c, at, file);
  if (wantsPart(c)) return c.html(String(<Notes {...props} focus />));
  const page = { booking: "", chat: "/chat", notes: "/notes" }[at.view];
  return goTo(c, `${props.base}${page}#notes`);
}
