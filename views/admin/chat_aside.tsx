import { Notes, type NotesProps } from "./booking_notes.tsx";

type Props = { assignee: string | null; mayAssign: boolean; notes: NotesProps };

/** What stands beside a conversation for staff alone: who looks after it, and their notes. */
export function ChatAside({ assignee, mayAssign, notes }: Props) {
  return (
    <aside class="chat-aside stack" aria-label="For staff">
      <p>
        {assignee === null ? "Nobody in particular looks after this." : (
          <>
            Looked after by <bdi>{assignee}</bdi>.
          </>
        )} {mayAssign && <a href={`${notes.base}#assignment`}>Change</a>}
      </p>
      <Notes {...notes} />
    </aside>
  );
}
