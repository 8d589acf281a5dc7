import type { BookingEvent } from "../db/booking_moves.ts";
import type { ToldMail } from "../db/booking_sides.ts";
import type { Move } from "../db/booking_status.ts";
import type { Refund } from "../db/refunds.ts";
import { moveWord } from "./admin/move_words.ts";
import { Instant, money } from "./format.tsx";
import { refundForClient } from "./payment_words.ts";
import { toldLines } from "./told_mails.ts";

/** What happened, to the client; staff read the words that they have for it elsewhere. */
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
const wordFor = (move: string) => words[move as Move] ?? move;

/** The client hears of a decision that was taken back, and not what it was. */
const toldTo = (audience: TimelineProps["audience"], events: BookingEvent[]) =>
  audience === "admin" ? events : events.filter((_, at) => events[at + 1]?.move !== "undo");

/** What an admin notes here is for admins. */
const internal = ["hold", "release"];

type TimelineProps = {
  events: BookingEvent[];
  currency: string;
  audience: "client" | "admin";
  /** What went back, and what was written to the client, where that is told too. */
  refunds?: Refund[];
  mails?: ToldMail[];
  now: number;
  zone: string;
};

/** What happened to a booking, in order: what, who, when, what they said, and what was mailed of it. */
export function Timeline({ mails = [], now, zone, ...props }: TimelineProps) {
  const entries = entriesOf(props);
  return (
    <ol class="timeline">
      {entries.map((entry) => {
        const told = mails.filter((mail) => lastBy(entries, mail.createdAt) === entry);
        return Item({ entry, told, now, zone });
      })}
    </ol>
  );
}

const lastBy = (entries: Entry[], instant: number) => entries.findLast(({ at }) => at <= instant);

type Entry = { at: number; what: string; more: string; note: string | null };

function entriesOf(
  { events, refunds = [], audience, currency }: Omit<TimelineProps, "now" | "zone">,
): Entry[] {
  const say = audience === "admin" ? moveWord : wordFor;
  const moves = toldTo(audience, events).map((event) => ({
    ...{ at: event.at, what: say(event.move) },
    more: [event.priceMinor === null ? "" : `at ${money(event.priceMinor, currency)}`, who(event)]
      .filter(Boolean).join(" "),
    note: audience === "client" && internal.includes(event.move) ? null : event.note,
  }));
  const back = refunds.map(({ amountMinor, status, updatedAt }) => ({
    ...{ at: updatedAt, what: "Refund", note: null },
    more: refundForClient(money(amountMinor, currency), status),
  }));
  return back.reduce(putIn, moves);
}

/** Moves keep the order they were made in, whatever the clocks of their processes said. */
function putIn(entries: Entry[], one: Entry): Entry[] {
  const after = entries.findLastIndex(({ at }) => at <= one.at) + 1;
  return entries.toSpliced(after, 0, one);
}

const who = ({ actorKind, actorName }: BookingEvent) =>
  ["clock", "provider"].includes(actorKind) ? "automatically" : `by ${actorName}`;

type ItemProps = { entry: Entry; told: ToldMail[]; now: number; zone: string };

const Item = ({ entry: { at, what, more, note }, told, now, zone }: ItemProps) => (
  <li class="timeline-item">
    <p>
      <b>{what}</b> {more}
    </p>
    <Instant {...{ at, now, zone }} />
    {toldLines(told).map((line) => <p class="hint">{line}</p>)}
    {note && <p class="note">{note}</p>}
  </li>
);
