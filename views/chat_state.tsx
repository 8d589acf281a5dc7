import type { Message } from "../db/chat.ts";
import type { Glance } from "../db/chat_presence.ts";
import { clock } from "./format.tsx";
import type { Audience } from "./messages.tsx";

type StateProps = {
  glance: Glance;
  audience: Audience;
  zone: string;
  /** Under which the receipt stands, where it is known. */
  last?: Message;
};

/** Who is here, who types and what was seen, as a stream sends it: each part replaces the one on the page. */
export const renderState = (glance: Glance, audience: Audience, zone: string): string =>
  String(
    <>
      <Present {...{ glance, audience, zone }} />
      <Typing {...{ glance, audience, zone }} />
      <Receipt {...{ glance, audience, zone }} />
    </>,
  );

export function Present({ glance, audience }: StateProps) {
  const others = glance.here.filter(({ memberKind }) => memberKind !== audience);
  const names = others.map(({ name }) => name).join(", ");
  const nobody = audience === "client" ? "Nobody of us is here right now" : "Not here right now";
  return (
    <p class={names ? "chat-present here" : "chat-present"} id="chat-present">
      {names ? <bdi>{names}</bdi> : nobody}
      {names && (others.length === 1 ? " is here" : " are here")}
    </p>
  );
}

/** Staff see each other type too, so that nobody answers twice; who reads their own name takes it out. */
export function Typing({ glance, audience }: StateProps) {
  const shown = glance.typing.filter(({ memberKind }) =>
    audience === "admin" || memberKind !== audience
  );
  return (
    <p class="chat-typing" id="chat-typing" aria-hidden="true">
      {shown.map(({ memberKind, memberId, name }) => (
        <span data-member={`${memberKind} ${memberId}`}>
          <bdi>{name}</bdi> is typing
        </span>
      ))}
    </p>
  );
}

/** "Seen 14:05", once the other side has read as far as the last message, if that is one's own. */
export function Receipt({ glance, audience, zone, last }: StateProps) {
  const reads = glance.reads.filter(({ memberKind }) => memberKind !== audience);
  const read = reads.toSorted((a, b) => b.messageId - a.messageId)[0];
  const words = read && `Seen ${clock(read.at, zone)}`;
  const mine = last?.authorKind === audience;
  const seen = words && last && last.id <= read.messageId ? words : "Sent";
  return (
    <p
      class="chat-receipt"
      id="chat-receipt"
      data-seen={read?.messageId ?? 0}
      data-at={read && new Date(read.at).toISOString()}
    >
      {mine && seen}
    </p>
  );
}
