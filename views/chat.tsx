import type { Booking } from "../db/booking_moves.ts";
import type { Message } from "../db/chat.ts";
import { Composer, type ComposerProps } from "./composers.tsx";
import { clock, instant, zoneName } from "./format.tsx";
import { Layout, type Site, type Who } from "./layout.tsx";
import { BookingStatus } from "./status.tsx";

/** Whose eyes: a message is "mine" to the side that wrote it. */
export type Audience = Message["authorKind"];

export type ChatProps = {
  booking: Booking;
  messages: Message[];
  audience: Audience;
  composer: ComposerProps;
  /** The booking's own page. */
  back: string;
  /** When the room opens, said in words; null when it is open. */
  closed: string | null;
  /** The id before which there are older messages. */
  olderThan: number | null;
  /** Whether this is an older stretch of the conversation, which nothing new can join. */
  past: boolean;
  zone: string;
};

/** One message as a stream sends it. It reads the same wherever it appears, so it is rendered once per side. */
export const renderMessage = (message: Message, audience: Audience, zone: string): string =>
  String(<MessageItem {...{ message, audience, zone }} />);

export function ChatPage(props: ChatProps & { site: Site; who: Who }) {
  const { booking, site, who } = props;
  const live = !props.closed && !props.past;
  return (
    <Layout
      {...{ site, who, live, stream: live, wide: who.kind === "admin" }}
      title={`Chat about ${booking.reference}`}
    >
      <ChatPanel {...props} />
    </Layout>
  );
}

export function ChatPanel(props: ChatProps) {
  const { composer, closed, past } = props;
  return (
    <section class="chat" id="chat">
      <ChatHead {...props} />
      {closed
        ? <p class="empty">{closed}</p>
        : past
        ? <Messages {...props} />
        : <LiveMessages {...props} />}
      {!closed && !past && <Composer {...composer} />}
    </section>
  );
}

function ChatHead({ booking, audience, back }: ChatProps) {
  const other = audience === "admin" ? booking.clientName : booking.serviceName;
  return (
    <header class="chat-head cluster">
      <h1>{audience === "admin" ? `Chat with ${other}` : `Chat about ${other}`}</h1>
      <a class="reference" href={back}>{booking.reference}</a>
      <BookingStatus status={booking.status} />
    </header>
  );
}

function LiveMessages(props: ChatProps) {
  return (
    <>
      <div class="messages" id="messages" role="log" tabindex={0} {...streamOf(props)}>
        <History {...props} />
      </div>
      <p class="chat-state" role="status" hidden>Reconnecting - nothing is lost.</p>
    </>
  );
}

/** The stream begins after the last message on the page, so that nothing falls between the two. */
const streamOf = ({ messages, composer }: ChatProps) => ({
  "hx-sse:connect": `${composer.base}/stream?after=${messages.at(-1)?.id ?? 0}`,
  "hx-trigger": "load, chat:reconnect",
  "hx-swap": "beforeend",
  ...{ "hx-status:4xx": "swap:none", "hx-status:5xx": "swap:none" },
  ...{ "aria-live": "polite" as const, "aria-label": "Messages" },
});

function Messages(props: ChatProps) {
  return (
    <>
      <div class="messages" id="messages" role="log" aria-label="Older messages" tabindex={0}>
        <History {...props} />
      </div>
      <p>
        <a href={props.composer.base}>Back to the newest messages</a>
      </p>
    </>
  );
}

function History({ messages, audience, composer, olderThan, zone }: ChatProps) {
  return (
    <>
      {olderThan !== null && <Older href={`${composer.base}?before=${olderThan}`} />}
      {messages.map((message, i) => (
        <>
          <Day at={message.createdAt} after={messages[i - 1]?.createdAt} zone={zone} />
          <MessageItem {...{ message, audience, zone }} />
        </>
      ))}
    </>
  );
}

const Older = ({ href }: { href: string }) => (
  <p class="pager">
    <a href={href}>Older messages</a>
  </p>
);

/** A line above the first message of each day. */
function Day({ at, after, zone }: { at: number; after?: number; zone: string }) {
  const day = dayOf(at, zone);
  return after !== undefined && dayOf(after, zone) === day ? null : <p class="chat-day">{day}</p>;
}

type ItemProps = { message: Message; audience: Audience; zone: string };

function MessageItem({ message, audience, zone }: ItemProps) {
  const { id, authorKind, authorName, body, clientId, createdAt } = message;
  const mine = authorKind === audience;
  const side = mine ? "message mine" : "message theirs";
  const author = mine && audience === "client" ? "You" : authorName;
  return (
    <article class={side} id={`message-${id}`} data-client-id={clientId}>
      <p class="message-head">
        <b>{author}</b> <ClockTime at={createdAt} zone={zone} />
      </p>
      <p class="message-body">{body}</p>
    </article>
  );
}

function ClockTime({ at, zone }: { at: number; zone: string }) {
  const exact = `${dayOf(at, zone)}, ${clock(at, zone)} ${zoneName(zone)}`;
  return <time datetime={new Date(at).toISOString()} title={exact}>{clock(at, zone)}</time>;
}

/** "Thu 26 Nov 2026": a message may be read in any year, so it always names its own. */
const dayOf = (at: number, zone: string) => instant(at, zone, 0).replace(/, [^,]*$/, "");
