import type { LastMessage, RoomRow } from "../../db/chat_rooms.ts";
import { instant, zoneName } from "../format.tsx";
import { Hidden } from "../form.tsx";
import { BookingStatus } from "../status.tsx";
import { UnreadBadge } from "../unread.tsx";
import { span } from "./deadlines.tsx";
import { Reference } from "./list_links.tsx";

/** One chat in the list, with its last words. */
export function RoomLine({ row, now, zone }: { row: RoomRow; now: number; zone: string }) {
  const { room, reference, clientName, serviceName, status, assignee, last, unread } = row;
  return (
    <tr id={`room-${reference}`} data-reference={reference} data-status={status}>
      <Since at={room.waitingSince} now={now} zone={zone} />
      <th scope="row" class="clipped">
        <a href={`/admin/bookings/${reference}/chat`}>
          <bdi>{clientName}</bdi>
        </a>
        <UnreadBadge count={unread} of="new messages" />
      </th>
      <td>
        <Reference of={reference} />
      </td>
      <td class="clipped">
        <div>{serviceName}</div>
      </td>
      <td>
        <BookingStatus status={status} />
      </td>
      <td class="last-words">
        <div>
          <LastWords last={last} />
        </div>
      </td>
      <td data-label="Looked after by">{assignee === null ? "nobody" : <bdi>{assignee}</bdi>}</td>
      <td class="actions">{room.waitingSince !== null && <NoAnswer {...row} />}</td>
    </tr>
  );
}

const Since = ({ at, now, zone }: { at: number | null; now: number; zone: string }) => (
  <td>
    {at !== null && (
      <time
        datetime={new Date(at).toISOString()}
        title={`${instant(at, zone, now)} ${zoneName(zone)}`}
      >
        {span(now - at)}
      </time>
    )}
  </td>
);

const LastWords = ({ last }: { last: LastMessage | null }) =>
  last === null ? <>Nobody has written yet.</> : (
    <>
      <b>
        <bdi>{last.authorName}</bdi>:
      </b>{" "}
      {last.deletedAt === null ? <bdi>{wordsOf(last)}</bdi> : "This message was deleted."}
    </>
  );

const wordsOf = ({ body, files }: LastMessage) => body || files.map(({ name }) => name).join(", ");

const NoAnswer = ({ reference, clientName, room }: RoomRow) => (
  <form method="post" action={`/admin/chat/${reference}/no-answer`}>
    <Hidden name="message" value={room.lastClientMessage} />
    <button type="submit">
      No answer needed<span class="visually-hidden">{` by ${clientName}`}</span>
    </button>
  </form>
);
