import type { ChatProps } from "./chat.tsx";
import { Present } from "./chat_state.tsx";
import { Icon } from "./layout.tsx";
import type { Audience } from "./messages.tsx";
import { BookingStatus } from "./status.tsx";

/** What the conversation is about, how that stands, and who of the other side is here. */
export function ChatHead({ booking, audience, back, opened, ...rest }: ChatProps) {
  const other = audience === "admin" ? booking.clientName : booking.serviceName;
  return (
    <header class="chat-head">
      <LeadsBack audience={audience} />
      <h1>
        {audience === "admin" ? "Chat with " : "Chat about "}
        <bdi>{other}</bdi>
      </h1>
      <p class="cluster">
        <a class="reference" href={back}>{booking.reference}</a>
        <BookingStatus status={booking.status} />
        {audience === "admin"
          ? <a class="to-notes" href="#notes">Notes</a>
          : <a class="hint" href="/help/chat">How this works</a>}
      </p>
      {opened && <Present {...{ ...rest, audience }} />}
    </header>
  );
}

/** On a phone, where the conversation has the window for itself, the way out of it. */
const LeadsBack = ({ audience }: { audience: Audience }) => (
  <a class="chat-back" href={audience === "admin" ? "/admin/chat" : "/dashboard"}>
    <Icon name="arrow-left" />
    <span class="visually-hidden">{audience === "admin" ? "All chats" : "Your bookings"}</span>
  </a>
);
