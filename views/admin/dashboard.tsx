import type { Child } from "hono/jsx";
import type { Dashboard } from "../../db/booking_lists.ts";
import type { Status } from "../../db/booking_status.ts";
import type { Unread } from "../../db/chat_unread.ts";
import { money } from "../format.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { BookingStatus } from "../status.tsx";
import { UnreadRooms } from "../unread.tsx";
import { Activity } from "./activity.tsx";
import { DashboardAlerts } from "./dashboard_alerts.tsx";

type PanelProps = {
  board: Dashboard;
  statuses: readonly Status[];
  /** Mails cannot leave: nobody said how to send them. */
  mailMissing: boolean;
  /** Jobs that missed two runs. */
  missed: string[];
  /** How it went over time. */
  trends: Child;
  currency: string;
  now: number;
  zone: string;
  /** Conversations in which a client waits for an answer. */
  unread: Unread[];
};

export function DashboardPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Overview" who={who} live wide>
      <DashboardPanel {...panel} />
    </Layout>
  );
}

export function DashboardPanel(props: PanelProps) {
  return (
    <section id="overview" class="stack">
      <h1>Overview</h1>
      <DashboardAlerts {...props} />
      <UnreadRooms unread={props.unread} />
      <Numbers {...props} />
      {props.trends}
      <div class="split">
        <Activity {...props} />
        <Counts {...props} />
      </div>
    </section>
  );
}

function Numbers({ board, currency }: PanelProps) {
  const of = (status: Status) => countOf(board, status);
  const waiting = board.waiting.length > 0 ? board.waiting : [{ currency, minor: 0 }];
  return (
    <div class="stats">
      <Stat number={of("pending")} label="waiting for review" status="pending" />
      {waiting.map(({ currency, minor }) => (
        <Stat number={money(minor, currency)} label="approved, not paid yet" status="approved" />
      ))}
      <Stat
        number={of("paid") + of("in_progress")}
        label="paid and in progress"
        status="in_progress"
      />
      <Stat number={of("completed")} label="completed" status="completed" />
    </div>
  );
}

function Stat(
  { number, label, status }: { number: number | string; label: string; status: Status },
) {
  return (
    <a class="stat" href={`/admin/bookings?status=${status}`}>
      <strong>{String(number)}</strong> {label}
    </a>
  );
}

function Counts({ board, statuses }: PanelProps) {
  return (
    <section class="stack">
      <h2>Bookings by status</h2>
      <table class="table">
        <tbody>{statuses.map((status) => Count({ status, n: countOf(board, status) }))}</tbody>
      </table>
    </section>
  );
}

const Count = ({ status, n }: { status: Status; n: number }) => (
  <tr>
    <th scope="row">
      <a href={`/admin/bookings?status=${status}`}>
        <BookingStatus status={status} />
      </a>
    </th>
    <td class="number">{String(n)}</td>
  </tr>
);

const countOf = (board: Dashboard, status: Status) =>
  board.counts.find((row) => row.status === status)?.n ?? 0;
