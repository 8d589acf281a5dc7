import type { Unread } from "../db/chat_unread.ts";

/** "3 new messages" beside a link, as its number and in words. */
export const UnreadBadge = ({ count, of }: { count: number; of: string }) =>
  count > 0
    ? (
      <span class="badge unread">
        {count < 99 ? count : "99+"}
        <span class="visually-hidden">{` ${of}`}</span>
      </span>
    )
    : null;

/** Who wrote and waits for an answer, the newest first; nothing while nobody does. */
export function UnreadRooms({ unread }: { unread: Unread[] }) {
  if (unread.length === 0) return null;
  return (
    <section class="stack" id="unread-rooms">
      <h2>New in the chats</h2>
      <ul class="list">
        {unread.map(({ reference, clientName, serviceName, messages }) => (
          <li class="list-row">
            <a href={`/admin/bookings/${reference}/chat`}>
              <b>
                <bdi>{clientName}</bdi>
              </b>
              <UnreadBadge count={messages} of="new messages" />
            </a>
            <span class="reference">{reference}</span>
            <span>{serviceName}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
