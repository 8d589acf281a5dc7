import type { BookingFile } from "../db/booking_finders.ts";
import type { Booking, BookingEvent } from "../db/booking_moves.ts";
import type { Move, Status } from "../db/booking_status.ts";
import { CancelForm, ClaimBox, Facts } from "./booking_facts.tsx";
import { History } from "./booking_history.tsx";
import { Crumbs, yours } from "./crumbs.tsx";
import { ErrorSummary, type FormState } from "./form.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar } from "./next_sentences.tsx";
import { nextStepOf, type Standing } from "./next_steps.tsx";
import { bookingMarks, BookingStatus } from "./status.tsx";

export type BookingProps = Standing & {
  file: BookingFile;
  mayCancel: boolean;
  form: FormState;
  problem?: string;
  now: number;
  zone: string;
};

export function BookingPage(props: BookingProps & { site: Site; who?: Who }) {
  const { site, who, booking } = props;
  return (
    <Layout {...{ site, who }} title={`${booking.serviceName}, ${booking.reference}`} live>
      <BookingPanel {...props} />
    </Layout>
  );
}

export function BookingPanel(props: BookingProps) {
  const { file, booking, guest, form, problem, now, zone } = props;
  const told = decisionOf(file);
  return (
    <section class="stack" id="booking" {...bookingMarks(booking)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      {!guest && <Crumbs links={[yours]} />}
      <BookingHead booking={booking} />
      <NextStepBar {...{ step: nextStepOf(props), now, zone }} />
      {told && <LastWord event={told} />}
      <div class="split">
        <History {...props} told={told} />
        <aside class="stack">
          <ClaimBox {...props} />
          <h2>Your booking</h2>
          <Facts {...props} />
          {props.mayCancel && <CancelForm {...props} />}
        </aside>
      </div>
    </section>
  );
}

export function BookingHead({ booking }: { booking: Booking }) {
  const { reference, serviceName, status } = booking;
  return (
    <header class="stack">
      <h1>{serviceName}</h1>
      <div class="cluster">
        <span class="copyable">
          <span class="reference">{reference}</span>
          <button type="button" class="copy" data-copy={reference}>Copy</button>
        </span>
        <BookingStatus status={status} />
      </div>
    </header>
  );
}

const decisions: Partial<Record<Status, Move>> = {
  approved: "approve",
  rejected: "reject",
  cancelled: "cancel",
};

/** Our decision that stands, where we wrote something with it: a reason, or a note on the price. */
function decisionOf({ booking, events }: BookingFile): BookingEvent | undefined {
  const last = events.findLast(({ move }) => move === decisions[booking.status]);
  return last?.note && last.actorKind !== "client" ? last : undefined;
}

const LastWord = ({ event: { move, note } }: { event: BookingEvent }) => (
  <Alert kind="info">
    <p>
      <b>{move === "approve" ? "Our note" : "Reason"}</b>
    </p>
    <p class="note">{note}</p>
  </Alert>
);
