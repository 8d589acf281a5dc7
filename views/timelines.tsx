import type { BookingEvent } from "../db/booking_moves.ts";
import type { Move } from "../db/booking_status.ts";
import { Instant, money } from "./format.tsx";

const words: Record<Move, string> = {
  submit: "Booking sent",
  approve: "Approved",
  reject: "Rejected",
  hold: "Looked into more closely",
  release: "Review goes on",
  cancel: "Cancelled",
  start_payment: "Payment begun",
  expire: "Expired",
  confirm_payment: "Payment confirmed",
  fail_payment: "Payment did not arrive",
  start: "Work started",
  complete: "Completed",
  reopen: "Taken up again",
  revoke: "Approval taken back",
  undo: "Decision taken back",
  reinstate: "Offered again",
};
/** The client hears of a decision that was taken back, and not what it was. */
const toldTo = (audience: TimelineProps["audience"], events: BookingEvent[]) =>
  audience === "admin" ? events : events.filter((_, at) => events[at + 1]?.move !== "undo");

/** What an admin notes here is for admins. */
const internal = ["hold", "release"];

type TimelineProps = {
  events: BookingEvent[];
  currency: string;
  audience: "client" | "admin";
  now: number;
  zone: string;
};

/** What happened to a booking, in order: what, who, when, and what they said. */
export function Timeline({ events, ...props }: TimelineProps) {
  return (
    <ol class="timeline">
      {toldTo(props.audience, events).map((event) => TimelineItem({ event, ...props }))}
    </ol>
  );
}

function TimelineItem(
  { event, currency, audience, now, zone }: Omit<TimelineProps, "events"> & { event: BookingEvent },
) {
  const note = audience === "client" && internal.includes(event.move) ? null : event.note;
  return (
    <li class="timeline-item">
      <p>
        <b>{words[event.move as Move] ?? event.move}</b>
        {event.priceMinor !== null && ` at ${money(event.priceMinor, currency)}`} {who(event)}
      </p>
      <Instant {...{ at: event.at, now, zone }} />
      {note && <p class="note">{note}</p>}
    </li>
  );
}

const who = ({ actorKind, actorName }: BookingEvent) =>
  ["clock", "provider"].includes(actorKind) ? "automatically" : `by ${actorName}`;
