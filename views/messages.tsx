import type { Child } from "hono/jsx";
import type { Message } from "../db/chat.ts";
import { clock, instant, zoneName } from "./format.tsx";
import { linked } from "./links.tsx";
import { MessageFiles } from "./message_files.tsx";

/** Whose eyes: a message is "mine" to the side that wrote it. */
export type Audience = Message["authorKind"];

type ItemProps = {
  message: Message;
  audience: Audience;
  zone: string;
  /** Whether the reader wrote it themselves; unknown where one rendering goes to all of a side. */
  own?: boolean;
  /** What belongs to it below its text. */
  children?: Child;
};

/** One message as a stream sends it. It reads the same wherever it appears, so it is rendered once per side. */
export const renderMessage = (message: Message, audience: Audience, zone: string): string =>
  String(<MessageItem {...{ message, audience, zone }} />);

export function MessageItem({ message, audience, zone, own, children }: ItemProps) {
  const { id, authorKind, authorId, clientId, createdAt, deletedAt } = message;
  const side = authorKind === audience ? "message mine" : "message theirs";
  return (
    <article
      class={side}
      id={`message-${id}`}
      data-client-id={clientId}
      data-author={`${authorKind} ${authorId}`}
      data-day={dayOf(createdAt, zone)}
      aria-labelledby={`by-${id}`}
    >
      <Byline {...{ message, audience, zone }} />
      <Words message={message} />
      {deletedAt === null && children}
      {deletedAt === null && (own ?? authorKind === audience) && <Change id={id} />}
    </article>
  );
}

/** Who said it and when; read out with the message, also where it is not drawn. */
export function Byline({ message, audience, zone }: ItemProps) {
  const { id, authorKind, authorName, createdAt, editedAt, deletedAt } = message;
  const author = authorKind === audience && audience === "client" ? "You" : authorName;
  return (
    <p class="message-head" id={`by-${id}`}>
      <bdi>{author}</bdi> <ClockTime at={createdAt} zone={zone} />
      {editedAt !== null && deletedAt === null && " edited"}
    </p>
  );
}

const Words = ({ message: { body, files, deletedAt } }: { message: Message }) =>
  deletedAt === null
    ? (
      <>
        {body && <p class="message-body">{linked(body)}</p>}
        {files.length > 0 && <MessageFiles files={files} />}
      </>
    )
    : <p class="message-gone">This message was deleted.</p>;

/** Relative to the chat's own address, which a stream does not know. */
const Change = ({ id }: { id: number }) => (
  <a class="message-change" href={`chat/messages/${id}`}>Change</a>
);

function ClockTime({ at, zone }: { at: number; zone: string }) {
  const exact = `${dayOf(at, zone)}, ${clock(at, zone)} ${zoneName(zone)}`;
  return <time datetime={new Date(at).toISOString()} title={exact}>{clock(at, zone)}</time>;
}

/** "Thu 26 Nov 2026": a message may be read in any year, so it always names its own. */
export const dayOf = (at: number, zone: string) => instant(at, zone, 0).replace(/, [^,]*$/, "");
