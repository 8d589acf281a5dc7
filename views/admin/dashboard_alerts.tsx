import type { Dashboard } from "../../db/booking_lists.ts";
import type { Booking } from "../../db/booking_moves.ts";
import { Alert } from "../layout.tsx";
import { MissedAlert } from "./job_alerts.tsx";
import { Deadline, Waiting } from "./deadlines.tsx";
import { Reference } from "./list_links.tsx";
import { MailAlerts } from "./mail_alerts.tsx";
import { TableHead } from "./tables.tsx";

/** Who waits for review, the longest waiting first. */
const QUEUE = "/admin/bookings?status=pending&sort=oldest";

/** So many of a kind stand here; the list has all. */
const SHOWN = 5;

type Props = { board: Dashboard; mailMissing: boolean; missed: string[]; now: number };

/** What cannot wait, each with the way to it. */
export function DashboardAlerts({ board, mailMissing, missed, now }: Props) {
  const { paymentsToReview: payments } = board;
  return (
    <>
      <MissedAlert jobs={missed} />
      {waitingIn(board).map((kind) => <BookingAlert {...kind} now={now} />)}
      <CountAlert
        n={payments}
        path="/admin/payments"
        one="question of money waits"
        more="questions of money wait"
        calm
      >
        for you
      </CountAlert>
      <MailAlerts troubles={board.mails} />
      {mailMissing && (
        <Alert>No mail can leave: set SMTP_URL or RESEND_API_KEY and start again.</Alert>
      )}
    </>
  );
}

/** The bookings that wait for a person, by how pressing they are. */
function waitingIn({ urgent, overdue, attention }: Dashboard): Omit<AlertProps, "now">[] {
  const late = overdue.filter(({ urgency, attention }) =>
    urgency !== "urgent" && attention === null
  );
  const urgentOnes = `${QUEUE}&urgency=urgent`;
  return [
    { title: "Urgent: answer these first", bookings: urgent, queue: urgentOnes },
    { title: "Needs a person: no clock answers", bookings: attention, queue: QUEUE },
    { title: "Waiting for more than 3 days", bookings: late, queue: QUEUE },
  ];
}

type CountProps = {
  n: number;
  path: string;
  one: string;
  more: string;
  calm?: boolean;
  children: string;
};

function CountAlert({ n, path, one, more, calm, children }: CountProps) {
  if (n === 0) return null;
  return (
    <Alert kind={calm ? "info" : "bad"}>
      <a href={path}>{n} {n === 1 ? one : more} {children}</a>
    </Alert>
  );
}

const columns = ["Reference", "Service", "Client", "Waits", "What the clock does"];

type AlertProps = { title: string; bookings: Booking[]; queue: string; now: number };

function BookingAlert({ title, bookings, queue, now }: AlertProps) {
  if (bookings.length === 0) return null;
  return (
    <Alert>
      <header class="list-head">
        <h2>{title}</h2>
        <a href={queue}>{bookings.length > SHOWN ? "Review all of them" : "Review in the list"}</a>
      </header>
      <table class="table">
        <TableHead columns={columns} />
        <tbody>{bookings.slice(0, SHOWN).map((booking) => Urged({ booking, now }))}</tbody>
      </table>
    </Alert>
  );
}

function Urged({ booking, now }: { booking: Booking; now: number }) {
  return (
    <tr data-reference={booking.reference}>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <td class="clipped">
        <span>{booking.serviceName}</span>
      </td>
      <td class="clipped">
        <span>{booking.clientName}</span>
      </td>
      <td data-label="waits">
        <Waiting since={booking.createdAt} now={now} />
      </td>
      <td>
        <Deadline booking={booking} now={now} />
      </td>
    </tr>
  );
}
