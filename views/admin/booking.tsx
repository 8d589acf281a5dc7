import type { Colleague } from "../../db/assignments.ts";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Email } from "../../db/emails.ts";
import { Layout, type Site, type Who } from "../layout.tsx";
import { ReceiptList } from "../receipts.tsx";
import { Timeline } from "../timelines.tsx";
import { Assignment } from "./assignments.tsx";
import { OtherActions, OtherAnswers, PrimaryAction } from "./booking_actions.tsx";
import { Facts } from "./booking_facts.tsx";
import { Notes, type NotesProps } from "./booking_notes.tsx";
import { BookingHead } from "./booking_head.tsx";
import { Payments } from "./booking_payments.tsx";
import { Refunds } from "./booking_refunds.tsx";
import { EmailTable } from "./email_table.tsx";
import { ClientBlock } from "./client_blocks.tsx";
import { type Acting, bookingMarks, boxOf, TroubleAlert } from "./move_forms.tsx";
import { NextSentence } from "./next_sentences.tsx";
import type { Check } from "./payment_forms.tsx";
import type { Refundable } from "./refund_forms.tsx";

export type BoxProps = {
  file: BookingFile;
  at: Acting;
  checks: Check[];
  /** Whether the one who looks decides payments, and what they may send back. */
  decides: boolean;
  refundables: Refundable[];
  now: number;
  zone: string;
};
type PageProps = BoxProps & {
  emails: Email[];
  mayRetry: boolean;
  notes: NotesProps | null;
  /** Whom the booking may be given to, if the one who looks may say so. */
  colleagues?: Colleague[];
  site: Site;
  who: Who;
};

export function AdminBookingPage(
  { site, who, emails, mayRetry, colleagues, notes, ...box }: PageProps,
) {
  const { reference, serviceName } = box.file.booking;
  return (
    <Layout site={site} title={`${reference} ${serviceName}`} who={who} live wide>
      <AdminBookingPanel {...box} />
      <div class="split">
        {notes ? <Notes {...notes} /> : <div />}
        <div class="stack">
          {colleagues && <Assignment at={box.at} colleagues={colleagues} />}
          <ClientBlock at={box.at} blocked={box.file.blocked} />
        </div>
      </div>
      <section class="stack">
        <h2>Mails of this booking</h2>
        <EmailTable {...{ emails, mayRetry }} now={box.now} zone={box.zone} ofOne />
      </section>
    </Layout>
  );
}

export function AdminBookingPanel(props: BoxProps) {
  const { at, file: { booking } } = props;
  return (
    <article id={boxOf(booking)} class="stack" {...bookingMarks(booking)}>
      <BookingHead file={props.file} />
      <TroubleAlert at={at} />
      <NextStep {...props} />
      <div class="split">
        <Course {...props} />
        <Side {...props} />
      </div>
    </article>
  );
}

function NextStep(props: BoxProps) {
  return (
    <section class="next-step" aria-label="Next step">
      <div class="stack">
        <p>
          <NextSentence {...props} />
        </p>
        <PrimaryAction at={props.at} />
        <OtherAnswers at={props.at} />
      </div>
    </section>
  );
}

const Side = (props: BoxProps) => (
  <aside class="stack">
    <Facts {...props} />
    <OtherActions at={props.at} />
  </aside>
);

function Course({ file, checks, decides, refundables, now, zone }: BoxProps) {
  const { currency, reference } = file.booking;
  return (
    <div class="stack">
      <ClientWords file={file} />
      <Payments {...{ checks, now, zone }} />
      <Refunds {...{ file, decides, refundables, now, zone }} />
      <ReceiptList
        {...{ receipts: file.receipts, base: `/admin/bookings/${reference}`, now, zone }}
      />
      <section class="stack">
        <h2>History</h2>
        <Timeline {...{ events: file.events, currency, now, zone }} audience="admin" />
      </section>
    </div>
  );
}

const ClientWords = ({ file }: Pick<BoxProps, "file">) => (
  <section class="stack">
    <h2>What the client wrote</h2>
    <p class="details">{file.booking.details}</p>
  </section>
);
