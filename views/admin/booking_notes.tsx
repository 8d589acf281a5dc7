import type { Note } from "../../db/booking_notes.ts";
import { ErrorSummary, type FormState, Hidden, inPlace, TextArea } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { NoteList } from "./note_list.tsx";

export type NotesProps = {
  /** Newest first. */
  notes: Note[];
  /** The id before which there are more. */
  next: number | null;
  /** The booking's own page. */
  base: string;
  /** Which page the notes stand on: a form without a script leads back there. */
  view: "booking" | "chat" | "notes";
  /** Makes a note that is sent twice one note. */
  idempotencyKey: string;
  /** Who looks: everybody deletes their own alone. */
  me: number;
  form: FormState;
  /** Takes the focus where it replaces the one that had it. */
  focus?: boolean;
  now: number;
  zone: string;
};

export function NotesPage(props: NotesProps & { site: Site; who: Who; reference: string }) {
  const { site, who, reference, base } = props;
  return (
    <Layout {...{ site, who }} title={`Notes on ${reference}`} live wide>
      <p>
        <a href={base}>Booking {reference}</a>
      </p>
      <h1>Notes on {reference}</h1>
      <Notes {...props} />
    </Layout>
  );
}

/** What staff write for each other, on paper of its own colour. */
export function Notes(props: NotesProps) {
  const { form, base, view, idempotencyKey, focus } = props;
  const action = `${base}/notes`;
  return (
    <section class="notes stack" id="notes" aria-label="Notes">
      <div class="cluster">
        <h2>Notes</h2>
        <p class="hint">Only staff see this.</p>
      </div>
      <form class="stack" method="post" action={action} {...inPlace(action, "notes")}>
        <ErrorSummary form={form} />
        <TextArea name="note" label="New note" form={form} maxlength={2000} rows={2} required />
        <Hidden name="idempotency_key" value={idempotencyKey} />
        <Hidden name="view" value={view} />
        <button type="submit" autofocus={focus}>Keep this note</button>
      </form>
      <NoteList {...props} />
    </section>
  );
}
