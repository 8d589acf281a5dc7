import type { Child } from "hono/jsx";
import type { Dashboard } from "../../db/booking_lists.ts";
import type { Status } from "../../db/booking_status.ts";
import type { Unread } from "../../db/chat_unread.ts";
import type { Trends } from "../../db/trends.ts";
import { Layout, type Site, type Who } from "../layout.tsx";
import { BookingStatus } from "../status.tsx";
import { UnreadRooms } from "../unread.tsx";
import { Activity } from "./activity.tsx";
import { DashboardAlerts } from "./dashboard_alerts.tsx";
import { countOf, Numbers } from "./dashboard_numbers.tsx";

type PanelProps = {
  board: Dashboard;
  statuses: readonly Status[];
  /** Mails cannot leave: nobody said how to send them. */
  mailMissing: boolean;
  /** Jobs that missed two runs. */
  missed: string[];
  /** How it went in the last days. */
  lately: Trends;
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
      <div class="list-head">
        <h1>Overview</h1>
        <ReviewLink waiting={countOf(props.board, "pending")} />
      </div>
      <Numbers {...props} />
      <div class="alerts">
        <DashboardAlerts {...props} />
      </div>
      <UnreadRooms unread={props.unread} />
      {props.trends}
      <div class="split">
        <Activity {...props} />
        <Counts {...props} />
      </div>
    </section>
  );
}

/** The one thing that an admin comes for. */
const ReviewLink = ({ waiting }: { waiting: number }) =>
  waiting > 0
    ? (
      <a class="button primary" href="/admin/bookings?status=pending&sort=oldest">
        Review {waiting} {waiting === 1 ? "booking" : "bookings"}
      </a>
    )
    : null;

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
