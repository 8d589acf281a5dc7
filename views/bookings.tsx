import type { BookingFile } from "../db/booking_finders.ts";
import type { Booking } from "../db/booking_moves.ts";
import type { Move, Status } from "../db/booking_status.ts";
import { Ahead } from "./ahead.tsx";
import { CancelForm, ClaimBox, Facts } from "./booking_facts.tsx";
import { ErrorSummary, type FormState } from "./form.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar, nextStepOf, type Standing } from "./next_steps.tsx";
import { PaymentList } from "./payments.tsx";
import { ReceiptList } from "./receipts.tsx";
import { bookingMarks, BookingStatus } from "./status.tsx";
import { Timeline } from "./timelines.tsx";

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
  const { file, booking, form, problem, now, zone } = props;
  return (
    <section class="stack" id="booking" {...bookingMarks(booking)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      <BookingHead booking={booking} />
      <NextStepBar {...{ step: nextStepOf(props), now, zone }} />
      <LastWord file={file} />
      <div class="split">
        <History {...props} />
        <aside class="stack">
          <ClaimBox {...props} />
          <h2>Your booking</h2>
          <Facts {...{ booking, now, zone }} guest={props.guest} />
          {props.mayCancel && <CancelForm {...props} />}
        </aside>
      </div>
    </section>
  );
}

function History({ file, base, now, zone }: BookingProps) {
  const { events, payments, receipts, booking } = file;
  const { currency } = booking;
  return (
    <div class="stack">
      <h2>What happened</h2>
      <div>
        <Timeline {...{ events, currency, now, zone, audience: "client" }} />
        <Ahead booking={booking} />
      </div>
      <PaymentList {...{ payments, base, now, zone }} />
      <ReceiptList {...{ receipts, base, now, zone }} />
    </div>
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

/** What we wrote with the decision that stands: a reason, or a note on the price. */
function LastWord({ file: { booking, events } }: { file: BookingFile }) {
  const move = decisions[booking.status];
  const note = events.findLast((event) => event.move === move)?.note;
  if (!note) return null;
  return (
    <Alert kind="info">
      <p>
        <b>{booking.status === "approved" ? "Our note" : "Reason"}</b>
      </p>
      <p class="note">{note}</p>
    </Alert>
  );
}
