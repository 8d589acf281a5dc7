import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import { Layout, type Site, type Who } from "./layout.tsx";
import { NextSentence, type NextStep, nextStepOf } from "./next_steps.tsx";
import { bookingMarks, BookingStatus } from "./status.tsx";
import { UnreadBadge } from "./unread.tsx";

type Row = {
  booking: Booking;
  attempt: Payment | null;
  /** When its work is due. */
  deliverBy: number | null;
  unread: number;
};
type DashboardProps = { site: Site; who: Who; rows: Row[]; now: number; zone: string };

const groups: [string, NextStep["who"]][] = [
  ["Waiting for you", "you"],
  ["Waiting for us", "we"],
  ["Finished", "nobody"],
];

/** A client's bookings: first those where they must act, then those where we must; what is due first, first. */
export function DashboardPage({ site, who, rows, now, zone }: DashboardProps) {
  const all = rows.map((row) => ({ ...rowOf(row), now, zone }));
  const sorted = all.toSorted((one, other) => dueAt(one.step) - dueAt(other.step));
  return (
    <Layout {...{ site, who }} title="Your bookings">
      <div class="stack">
        <h1>Your bookings</h1>
        {rows.length === 0 && <NoBookings />}
        {groups.map(([title, who]) =>
          BookingGroup({ title, rows: sorted.filter((row) => row.step.who === who) })
        )}
      </div>
    </Layout>
  );
}

/** What has no date comes last, as it came. */
const dueAt = ({ by, promise }: NextStep): number =>
  by?.instant ?? promise?.autoApproveAt ?? Number.MAX_SAFE_INTEGER;

function rowOf({ booking, unread, ...row }: Row) {
  const base = `/bookings/${booking.reference}`;
  return { booking, base, unread, step: nextStepOf({ booking, base, ...row }) };
}

export function BookingGroup({ title, rows }: { title: string; rows: RowProps[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="stack">
      <h2>{title}</h2>
      <ul class="list booking-rows">{rows.map(BookingRow)}</ul>
    </section>
  );
}

type RowProps = {
  booking: Booking;
  base: string;
  unread: number;
  step: NextStep;
  now: number;
  zone: string;
};

function BookingRow({ booking, base, unread, step, now, zone }: RowProps) {
  const { reference, status, serviceName } = booking;
  return (
    <li class="booking-row" {...bookingMarks(booking)}>
      <div class="booking-name">
        <a href={base}>
          <b>{serviceName}</b>
        </a>
        <span class="reference">{reference}</span>
      </div>
      <div class="cluster">
        <BookingStatus status={status} />
        {unread > 0 && (
          <a href={`${base}/chat`}>
            <UnreadBadge count={unread} of="new messages" />
          </a>
        )}
      </div>
      <p>
        <NextSentence {...{ step, now, zone }} />
      </p>
      {step.who === "you" && step.action && (
        <a
          class="button"
          href={step.action.href}
          aria-label={`${step.action.label}, ${serviceName}`}
        >
          {step.action.label}
        </a>
      )}
    </li>
  );
}

/** Where the list will be, once there is one. */
export function NoBookings() {
  return (
    <div class="empty">
      <p>Your bookings will appear here, each with what happens next and who must act.</p>
      <p>
        <a class="button primary" href="/book">Book a service</a>
      </p>
    </div>
  );
}
