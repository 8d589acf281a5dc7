import type { Dashboard } from "../../db/booking_lists.ts";
import { Reference } from "./list_links.tsx";
import { moveWord } from "./move_words.ts";
import { TimeCell } from "./tables.tsx";

type Props = { board: Dashboard; now: number; zone: string };

/** The latest moves of all bookings, newest first. */
export function Activity({ board, now, zone }: Props) {
  return (
    <section class="stack">
      <h2>Last activity</h2>
      {board.activity.length === 0
        ? (
          <p class="empty">
            Nothing has happened yet. The first booking appears here: share{" "}
            <a href="/services">your services</a>.
          </p>
        )
        : (
          <div class="table-scroll">
            <table class="table">
              <tbody>{board.activity.map((event) => Happened({ event, now, zone }))}</tbody>
            </table>
          </div>
        )}
    </section>
  );
}

type Happening = { event: Dashboard["activity"][number]; now: number; zone: string };

function Happened({ event, now, zone }: Happening) {
  return (
    <tr>
      <TimeCell at={event.at} now={now} zone={zone} />
      <td>
        <strong>{moveWord(event.move)}</strong> by {event.actorName}
      </td>
      <td>
        <Reference of={event.reference} />
      </td>
      <td>{event.serviceName}</td>
    </tr>
  );
}
