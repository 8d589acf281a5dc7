import type { Booking } from "../db/booking_moves.ts";
import type { Message } from "../db/chat.ts";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { type Audience, Byline, MessageItem } from "./messages.tsx";

type EditProps = {
  message: Message;
  booking: Booking;
  audience: Audience;
  zone: string;
  /** The chat's address. */
  base: string;
  /** Whether its words may still change. */
  editable: boolean;
  /** What was typed, where that was refused. */
  body?: string;
  error?: string;
};

/** A message of the reader's own, in a form. */
export function MessageEdit(props: EditProps) {
  const { message, audience, zone, base, editable, error } = props;
  const here = `${base}/messages/${message.id}`;
  if (message.deletedAt !== null) return <MessageItem {...{ message, audience, zone }} own />;
  return (
    <article class="message mine changing" id={`message-${message.id}`}>
      <Byline {...{ message, audience, zone }} />
      {error && <Alert>{error}</Alert>}
      {editable ? <EditForm {...props} here={here} /> : <p class="message-body">{message.body}</p>}
      <div class="cluster">
        <form class="message-form" method="post" action={`${here}/deletion`}>
          <button type="submit" class="danger quiet">Delete this message</button>
        </form>
        <a class="message-cancel" href={`${base}?message=${message.id}#message-${message.id}`}>
          Leave it as it is
        </a>
      </div>
    </article>
  );
}

function EditForm({ message, body, here }: EditProps & { here: string }) {
  const field = `edit-${message.id}`;
  return (
    <form class="message-form" method="post" action={here}>
      <label class="visually-hidden" for={field}>Your message</label>
      <textarea id={field} name="body" rows={3} maxlength={4000} required>
        {body ?? message.body}
      </textarea>
      <button type="submit" class="primary">Save</button>
    </form>
  );
}

export function MessageEditPage(props: EditProps & { site: Site; who: Who }) {
  const { site, who, booking } = props;
  return (
    <Layout
      {...{ site, who }}
      title={`A message about ${booking.reference}`}
      wide={who.kind === "admin"}
    >
      <h1>Change your message</h1>
      <MessageEdit {...props} />
    </Layout>
  );
}
