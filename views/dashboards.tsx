import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import { BookingGroup } from "./booking_rows.tsx";
import { Layout, type Site, type Who } from "./layout.tsx";
import { type NextStep, nextStepOf } from "./next_steps.tsx";

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
