import { Ahead } from "../ahead.tsx";
import { Facts } from "../booking_facts.tsx";
import { FileList } from "../booking_history.tsx";
import { BookingGroup } from "../booking_rows.tsx";
import { Unsent } from "../composer_parts.tsx";
import { Composer } from "../composers.tsx";
import { History } from "../message_lists.tsx";
import { NextStepBar } from "../next_sentences.tsx";
import { nextStepOf } from "../next_steps.tsx";
import { Progress } from "../payment_steps.tsx";
import { PaymentList } from "../payments.tsx";
import { Timeline } from "../timelines.tsx";
import type { ComponentsProps } from "./page.tsx";
import { booking, by, events, files, mails, messages, payment, quote } from "./samples.ts";

const base = "/bookings/CP2026ABC123";

export function Bookings({ site, now, statuses }: ComponentsProps) {
  const zone = site.agency.timezone;
  const approved = booking("approved", now);
  return (
    <div class="stack">
      {statuses.map((status) => (
        <NextStepBar
          {...{ now, zone }}
          step={nextStepOf({ booking: booking(status, now), attempt: null, base })}
        />
      ))}
      <div class="split">
        <div>
          <Timeline
            {...{ now, zone }}
            events={events(now)}
            mails={mails(now)}
            currency="USD"
            audience="client"
          />
          <Ahead booking={approved} zone={zone} />
        </div>
        <div class="stack">
          <Facts {...{ now, zone }} booking={approved} />
          <FileList
            {...{ base, now, zone }}
            files={files.map((file) => ({ ...file, ...by(now) }))}
          />
        </div>
      </div>
      <BookingGroup
        title="Waiting for you"
        rows={[0, 3].map((unread) => ({
          ...{ booking: approved, base, unread, now, zone },
          step: nextStepOf({ booking: approved, attempt: null, base }),
        }))}
      />
    </div>
  );
}

export function Money({ site, now, payments }: ComponentsProps) {
  const shared = { base, now, zone: site.agency.timezone };
  const all = payments.map((status) => payment(status, { now }));
  const [open, failed] = [payment("open", { now }), payment("failed", { now, reason: "Unknown." })];
  const seen = payment("processing", { now, method: "usdt" });
  return (
    <div class="stack">
      <div class="pair">
        <Progress {...shared} payment={open} refunds={[]} />
        <Progress {...shared} payment={seen} usdt={quote} refunds={[]} />
        <Progress {...shared} payment={failed} refunds={[]} />
      </div>
      <PaymentList {...shared} payments={all} />
    </div>
  );
}

export function Conversation({ site, now }: ComponentsProps) {
  const composer = { base: `${base}/chat`, clientId: "sample" };
  const list = { audience: "client" as const, composer, olderThan: null, newerThan: null };
  return (
    <div class="stack">
      <div class="message-list">
        <History
          {...list}
          messages={messages(now)}
          firstUnread={3}
          member="client 1"
          rejoins={false}
          zone={site.agency.timezone}
        />
        <Unsent />
      </div>
      <Composer {...composer} error="Write a message, or attach a file." />
    </div>
  );
}
