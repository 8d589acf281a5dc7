import type { Dashboard } from "../../db/booking_lists.ts";
import type { Status } from "../../db/booking_status.ts";
import type { Trends } from "../../db/trends.ts";
import { money } from "../format.tsx";
import { trendWords } from "./trend_words.ts";

type Props = { board: Dashboard; lately: Trends; currency: string };

/** How it stands, in four numbers, each with how it went lately and the way to its list. */
export function Numbers({ board, lately, currency }: Props) {
  const of = (status: Status) => countOf(board, status);
  const none = board.waiting.every((sum) => sum.currency !== currency);
  const waiting = none ? [{ currency, minor: 0 }, ...board.waiting] : board.waiting;
  return (
    <div class="stats">
      <Stat number={of("pending")} status="pending" trend={trendWords.came(lately)}>
        waiting for review
      </Stat>
      {waiting.map(({ currency: of, minor }) => (
        <Stat
          number={money(minor, of)}
          status="approved"
          trend={of === currency ? trendWords.approved(lately, currency) : ""}
        >
          approved, not paid yet
        </Stat>
      ))}
      <Stat
        number={of("paid") + of("in_progress")}
        status="in_progress"
        trend={trendWords.started(lately)}
      >
        paid and in progress
      </Stat>
      <Stat
        number={lately.completed.last}
        status="completed"
        trend={trendWords.completed(lately)}
      >
        completed this month
      </Stat>
    </div>
  );
}

type StatProps = { number: number | string; status: Status; trend: string; children: string };

const Stat = ({ number, status, trend, children }: StatProps) => (
  <a class="stat" href={`/admin/bookings?status=${status}`}>
    <strong>{String(number)}</strong> {children}
    <span class="trend">{trend}</span>
  </a>
);

export const countOf = (board: Dashboard, status: Status) =>
  board.counts.find((row) => row.status === status)?.n ?? 0;
