import type { Booking } from "../db/booking_moves.ts";
import { NextSentence } from "./next_sentences.tsx";
import type { NextStep } from "./next_steps.tsx";
import { bookingMarks, BookingStatus } from "./status.tsx";
import { UnreadBadge } from "./unread.tsx";

/** Bookings of a client, each with the one thing that happens next. */
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
