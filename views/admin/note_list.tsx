import type { Note } from "../../db/booking_notes.ts";
import { Instant } from "../format.tsx";
import { Hidden, inPlace } from "../form.tsx";
import { linked } from "../links.tsx";
import type { NotesProps } from "./booking_notes.tsx";

/** Read again whenever its reader comes back to the page, or a colleague has written. */
export function NoteList({ notes, next, base, view, me, now, zone }: NotesProps) {
  const again = { "data-hx-get": `${base}/notes?view=${view}`, "data-hx-target": "this" };
  const whenever = { "data-hx-trigger": "chat:notes from:document, focus from:window throttle:5s" };
  return (
    <div
      id="note-list"
      {...again}
      {...whenever}
      data-hx-select="#note-list"
      data-hx-swap="outerHTML"
    >
      <ul class="note-list">
        {notes.map((note) => NoteItem({ note, own: note.authorId === me, base, view, now, zone }))}
      </ul>
      {next !== null && (
        <p class="pager">
          <a href={`${base}/notes?before=${next}`}>Older notes</a>
        </p>
      )}
    </div>
  );
}

type ItemProps = Pick<NotesProps, "base" | "view" | "now" | "zone"> & { note: Note; own: boolean };

function NoteItem({ note, own, base, view, now, zone }: ItemProps) {
  const { authorName, body, createdAt, deletedAt, idempotencyKey } = note;
  const action = `${base}/notes/${idempotencyKey}/deletion`;
  return (
    <li id={`note-${idempotencyKey}`}>
      <p class="message-head">
        <bdi>{authorName}</bdi> <Instant at={createdAt} now={now} zone={zone} />
      </p>
      {deletedAt === null
        ? <p class="details">{linked(body)}</p>
        : <p class="message-gone">This note was deleted.</p>}
      {own && deletedAt === null && <Deletion {...{ action, view }} />}
    </li>
  );
}

/** Asks first: a colleague may need what it says. */
const Deletion = ({ action, view }: { action: string; view: NotesProps["view"] }) => (
  <details class="action">
    <summary>Delete</summary>
    <form method="post" action={action} {...inPlace(action, "notes")}>
      <Hidden name="view" value={view} />
      <button type="submit" class="danger">Delete this note for everybody</button>
    </form>
  </details>
);
