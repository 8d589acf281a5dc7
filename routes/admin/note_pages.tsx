import type { Context } from "hono";
import { z } from "zod";
import { findNotesFor, type NoteFile } from "../../db/booking_notes.ts";
import type { Person } from "../../db/sessions.ts";
import { Notes, NotesPage, type NotesProps } from "../../views/admin/booking_notes.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import type { Env } from "../context.ts";
import { cursor } from "../forms.ts";
import { respond } from "../respond.ts";

/** Which page a form of notes stands on. */
export const views = z.enum(["booking", "chat", "notes"]).catch("notes");
const query = z.object({
  before: cursor,
  view: views,
});

/** The notes on the booking that the address names, and who looks. */
export async function readNotes(c: Context<Env>) {
  const { db, viewer } = c.var;
  const reference = c.req.param("ref") ?? "";
  const { before } = query.parse(c.req.query());
  const [who, file] = await Promise.all([
    c.var.person,
    findNotesFor(db, viewer, { reference, before }),
  ]);
  return { who, ...file };
}

/** The notes as a page or a part has them; what was refused stays in its form. */
export function notesProps(
  c: Context<Env>,
  { who, reference, view }: Place,
  { notes, next }: Pick<NoteFile, "notes" | "next">,
): NotesProps {
  const { now, site } = c.var;
  const base = `/admin/bookings/${reference}`;
  const own = { me: who.id, idempotencyKey: crypto.randomUUID(), form: emptyForm };
  return { notes, next, ...own, base, view, now, zone: site.agency.timezone };
}

/** Who looks at which booking's notes, and where. */
export type Place = { who: Person; reference: string; view: NotesProps["view"] };

/** The notes on a page of their own. */
export async function showNotes(c: Context<Env>, form?: FormState) {
  const { who, booking: { reference }, ...file } = await readNotes(c);
  const view = views.parse(form ? form.values.view : c.req.query("view"));
  const shown = notesProps(c, { who, reference, view }, file);
  const props = { ...shown, form: form ?? emptyForm };
  return respond(c, {
    page: () => <NotesPage {...props} {...{ who, reference, site: c.var.site }} />,
    part: () => <Notes {...props} />,
  }, form ? 422 : 200);
}
