import type { Message } from "../db/chat.ts";
import type { ChatProps } from "./chat.tsx";
import { dayOf, MessageItem } from "./messages.tsx";

type ListProps = Pick<
  ChatProps,
  | "messages"
  | "audience"
  | "composer"
  | "olderThan"
  | "newerThan"
  | "firstUnread"
  | "member"
  | "rejoins"
  | "zone"
>;

/** A stretch of the conversation; both ends go on where there is more, by link or as they come into view. */
export function History(props: ListProps) {
  const { messages, composer: { base }, olderThan, newerThan, rejoins } = props;
  return (
    <>
      {olderThan !== null && <Older href={`${base}?before=${olderThan}`} />}
      {messages.map((message, at) => <Entry {...props} {...{ message, at }} />)}
      {newerThan !== null && <Newer href={`${base}?after=${newerThan}`} />}
      {rejoins && <Newest href={`${base}?message=${messages.at(-1)?.id ?? 0}`} />}
    </>
  );
}

function Entry(props: ListProps & { message: Message; at: number }) {
  const { message, messages, at, zone, audience, firstUnread, member } = props;
  const day = dayOf(message.createdAt, zone);
  const before = messages[at - 1];
  const own = member === `${message.authorKind} ${message.authorId}`;
  return (
    <>
      {(!before || dayOf(before.createdAt, zone) !== day) && <p class="chat-day">{day}</p>}
      {message.id === firstUnread && <p class="chat-unread" id="unread">New messages</p>}
      <MessageItem {...{ message, audience, zone, own }} />
    </>
  );
}

const Older = ({ href }: { href: string }) => (
  <p class="pager older" {...goesOn(href, "#messages > *")}>
    <a href={href}>Older messages</a>
  </p>
);

const Newer = ({ href }: { href: string }) => (
  <p class="pager newer" {...goesOn(href, "#messages > :not(.older)")}>
    <a href={href}>Newer messages</a>
  </p>
);

/** The end of what was there: from its last message on the conversation goes on by itself. */
const Newest = ({ href }: { href: string }) => (
  <p class="pager newer" {...goesOn(href, "#conversation")} data-hx-target="#conversation">
    <a href={href}>To the newest messages</a>
  </p>
);

/** Comes into view: what it leads to takes its place. What goes wrong leaves the link. */
const goesOn = (href: string, select: string) => ({
  "data-hx-get": href,
  "data-hx-trigger": "revealed",
  "data-hx-target": "this",
  "data-hx-select": select,
  "data-hx-swap": "outerHTML",
  ...{ "data-hx-status:4xx": "swap:none", "data-hx-status:5xx": "swap:none" },
});
