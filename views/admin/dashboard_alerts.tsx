import type { Dashboard } from "../../db/booking_lists.ts";
import type { Booking } from "../../db/booking_moves.ts";
import { Alert } from "../layout.tsx";
import { MissedAlert } from "./job_alerts.tsx";
import { Deadline, Waiting } from "./deadlines.tsx";
import { MailAlerts } from "./mail_alerts.tsx";

type Props = { board: Dashboard; mailMissing: boolean; missed: string[]; now: number };

/** What cannot wait, each with the way to it. */
export function DashboardAlerts({ board, mailMissing, missed, now }: Props) {
  const { urgent, overdue, attention, paymentsToReview: payments } = board;
  const late = overdue.filter(({ urgency, attention }) =>
    urgency !== "urgent" && attention === null
  );
  return (
    <>
      <MissedAlert jobs={missed} />
      <BookingAlert title="Urgent: answer these first" bookings={urgent} now={now} />
      <BookingAlert title="Needs a person: no clock answers" bookings={attention} now={now} />
      <BookingAlert title="Waiting for more than 3 days" bookings={late} now={now} />
      <CountAlert n={payments} path="/admin/payments" one="payment needs" more="payments need" calm>
        your decision
      </CountAlert>
      <MailAlerts troubles={board.mails} />
      {mailMissing && (
        <Alert>No mail can leave: set SMTP_URL or RESEND_API_KEY and start again.</Alert>
      )}
    </>
  );
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

type AlertProps = { title: string; bookings: Booking[]; now: number };

function BookingAlert({ title, bookings, now }: AlertProps) {
  if (bookings.length === 0) return null;
  return (
    <Alert>
      <h2>{title}</h2>
      <ul>{bookings.map((booking) => Urged({ booking, now }))}</ul>
    </Alert>
  );
}

function Urged({ booking, now }: { booking: Booking; now: number }) {
  return (
    <li data-reference={booking.reference}>
      <a href={`/admin/bookings/${booking.reference}`}>
        <span class="reference">{booking.reference}</span> {booking.serviceName}
      </a>
      , {booking.clientName}: waits for <Waiting since={booking.createdAt} now={now} />,{" "}
      <Deadline booking={booking} now={now} />
    </li>
  );
}
