import type { Child } from "hono/jsx";
import type { Booking } from "../db/booking_moves.ts";
import type { Glance } from "../db/chat_presence.ts";
import type { Shown } from "../db/chat_windows.ts";
import { ChatHead } from "./chat_heads.tsx";
import { Receipt, Typing } from "./chat_state.tsx";
import { Unsent } from "./composer_parts.tsx";
import { Composer, type ComposerProps } from "./composers.tsx";
import { Icon, Layout, type Site, type Who } from "./layout.tsx";
import { History } from "./message_lists.tsx";
import type { Audience } from "./messages.tsx";

export type ChatProps = Shown & {
  booking: Booking;
  audience: Audience;
  composer: ComposerProps;
  glance: Glance;
  /** The newest change of any room that this page knows. */
  change: number;
  /** Who reads, as messages name their author: "client 7". */
  member: string;
  /** The booking's own page. */
  back: string;
  /** Whether there is a room at all. */
  opened: boolean;
  /** Why nothing can be written, said in words; null when it can. */
  closed: string | null;
  /** Whether this is a stretch of the past, which nothing new can join. */
  past: boolean;
  /** Whether it ends where the present begins. */
  rejoins: boolean;
  zone: string;
  /** What stands beside the conversation, and what fills its composer: for staff alone. */
  aside?: Child;
  replies?: Child;
};

export function ChatPage(props: ChatProps & { site: Site; who: Who }) {
  const { booking, site, who, opened } = props;
  return (
    <Layout
      {...{ site, who, live: opened, stream: opened, wide: who.kind === "admin" }}
      title={`Chat about ${booking.reference}`}
    >
      <ChatPanel {...props} />
    </Layout>
  );
}

export function ChatPanel({ aside, ...props }: ChatProps) {
  if (!aside) return <Conversation {...props} />;
  return (
    <div class="chat-sides">
      <Conversation {...props} />
      {aside}
    </div>
  );
}

function Conversation(props: ChatProps) {
  const { composer, opened, closed, replies } = props;
  return (
    <section class="chat" id="chat" data-base={composer.base} data-member={props.member}>
      <ChatHead {...props} />
      {opened && <Talk {...props} />}
      {closed !== null && <p class="empty">{closed}</p>}
      {closed === null && <Composer {...composer} />}
      {closed === null && replies}
    </section>
  );
}

/** What was said, what is under way, and how it stands; it is read again as a whole when it cannot go on. */
function Talk(props: ChatProps) {
  const { past, composer } = props;
  return (
    <>
      <div class="talk">
        <Said {...props} />
        <a class="to-newest" id="to-newest" href={`${composer.base}?newest`} hidden={!past}>
          <Icon name="arrow-down" /> <span>To the newest messages</span>
        </a>
      </div>
      <Typing {...props} />
      <p class="chat-state" role="status" hidden>Reconnecting - nothing is lost.</p>
    </>
  );
}

function Said(props: ChatProps) {
  const { past, messages } = props;
  return (
    <div class="messages" id="conversation" tabindex={0}>
      <div class="message-list" id="messages" role="log" {...(past ? older : streamOf(props))}>
        <History {...props} />
      </div>
      {messages.length === 0 && !past && <Silence {...props} />}
      {!past && <Unsent />}
      {!past && <Receipt {...props} last={messages.at(-1)} />}
    </div>
  );
}

/** Until the first message stands above it: the stylesheet sees that. */
const Silence = ({ booking: { status } }: ChatProps) => (
  <p class="empty chat-silence">
    Nobody has written yet.{status === "paid" && " The first message starts the work."}
  </p>
);

const older = { "aria-label": "Older messages" };

/**
 * The stream begins after the last message on the page, so that nothing falls between the two. Our script adds
 * what else the page knows: the newest change, and when that last message was said.
 */
const streamOf = ({ messages, composer, change }: ChatProps) => ({
  "data-hx-sse:connect": `${composer.base}/stream?after=${messages.at(-1)?.id ?? 0}`,
  "data-hx-trigger": "load, chat:reconnect",
  "data-hx-swap": "beforeend",
  ...{ "data-hx-status:4xx": "swap:none", "data-hx-status:5xx": "swap:none" },
  ...{ "data-change": change, "aria-live": "polite" as const, "aria-label": "Messages" },
});
