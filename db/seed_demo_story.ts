import type { Actor } from "./booking_moves.ts";
import type { BookingFile } from "./booking_finders.ts";
import {
  approveBooking,
  cancelBooking,
  completeBooking,
  holdOrReleaseBooking,
  rejectBooking,
  reopenBooking,
} from "./booking_reviews.ts";
import { approveOverdue, expireUnpaid } from "./bookings_by_clock.ts";
import { postMessage } from "./chat.ts";
import type { Db } from "./client.ts";
import { keepNote } from "./note_writing.ts";
import { confirmPayment } from "./payment_reviews.ts";
import { isRunning } from "./payment_status.ts";
import { startPayment } from "./payment_starts.ts";
import { announceTransfer } from "./payments.ts";
import type { Urgency } from "./schema.ts";
import { randomToken } from "./tokens.ts";

/** Where a step happens: the booking as it stands, at that time. */
export type Scene = { db: Db; file: BookingFile; now: number; admin: Actor; client: Actor };
export type Step = (scene: Scene) => Promise<unknown>;
/** One booking of the demo. Hours count back from now. */
export type Story = {
  client: "alice" | "bob";
  service: string;
  urgency: Urgency;
  details: string;
  hoursAgo: number;
  then: [hoursAgo: number, step: Step][];
};

const approve = (priceMinor?: number, note = ""): Step => ({ db, file, admin, now }) => {
  const price = priceMinor ?? file.booking.cataloguePriceMinor ?? 0;
  return approveBooking(db, file.booking, { actor: admin, now, priceMinor: price, note });
};
const approveByClock: Step = ({ db, now }) => approveOverdue(db, now);
const expireByClock: Step = ({ db, now }) => expireUnpaid(db, now);
const hold = (note: string): Step => ({ db, file, admin, now }) =>
  holdOrReleaseBooking(db, file.booking, { actor: admin, now, note });
const reject = (note: string): Step => ({ db, file, admin, now }) =>
  rejectBooking(db, file.booking, { actor: admin, now, note });
const cancel = (note: string): Step => ({ db, file, client, now }) =>
  cancelBooking(db, file.booking, { actor: client, now, note, payments: file.payments });
const complete: Step = ({ db, file, admin, now }) =>
  completeBooking(db, file.booking, { actor: admin, now });
const reopen = (note: string): Step => ({ db, file, admin, now }) =>
  reopenBooking(db, file.booking, { actor: admin, now, note });

const chooseBank: Step = ({ db, file, client, now }) =>
  startPayment(db, file.booking, {
    ...{ actor: client, now, method: "bank", idempotencyKey: randomToken() },
    payments: file.payments,
    opens: () => ({ status: "open" }),
  });
const payNow: Step = ({ db, file, client, now }) =>
  startPayment(db, file.booking, {
    ...{ actor: client, now, method: "test", idempotencyKey: randomToken() },
    payments: file.payments,
    opens: ({ id, amountMinor, currency }) => ({
      status: "open",
      notice: {
        ...{ provider: "test", eventId: randomToken(), paymentId: id, outcome: "succeeded" },
        ...{ kind: "test.paid", bodyHash: null, amount: amountMinor },
        ...{ currency, at: now },
      },
    }),
  });
const announce = (note: string): Step => async ({ db, file, now }) => {
  const payment = file.payments.find(isRunning);
  if (payment) await announceTransfer(db, payment, { note, now });
};
const confirm: Step = async ({ db, file, admin, now }) => {
  const payment = file.payments.find(isRunning);
  if (!payment) return;
  await confirmPayment(db, { payment, booking: file.booking }, {
    ...{ actor: admin, now, amountMinor: payment.amountMinor },
    receivedOn: new Date(now).toISOString().slice(0, 10),
    reference: file.booking.reference,
  });
};
const says = (who: "client" | "admin", body: string): Step => async (scene) => {
  const { db, file: { room, booking }, now } = scene;
  if (!room) return;
  await postMessage(db, { room, booking }, {
    ...{ body, clientId: randomToken(), actor: scene[who], now },
  });
};

const notes = (body: string): Step => ({ db, file, admin: actor, now }) =>
  keepNote(db, file.booking, { body, idempotencyKey: randomToken(), actor, now });

/** Bookings in every state, old ones first. */
export const stories: Story[] = [
  {
    ...{ client: "alice", service: "proofreading", urgency: "low", hoursAgo: 700 },
    details: "The annual report, 1,800 words, British spelling.",
    then: [
      [690, approve()],
      [688, payNow],
      [687, says("client", "The file is in our shared folder, under Report.")],
      [685, says("admin", "Got it. You have it back tomorrow at noon.")],
      [660, complete],
    ],
  },
  {
    ...{ client: "bob", service: "local-listing", urgency: "medium", hoursAgo: 560 },
    details: "Two shops, both with new opening hours.",
    then: [[550, approve()], [540, cancel("My cousin has done it already.")]],
  },
  {
    ...{ client: "bob", service: "search-ads-setup", urgency: "medium", hoursAgo: 400 },
    details: "About 500 a month for the spring collection.",
    then: [[304, approveByClock], [120, expireByClock]],
  },
  {
    ...{ client: "alice", service: "brand-guide", urgency: "medium", hoursAgo: 330 },
    details: "We open a second studio and need one look for both.",
    then: [
      [320, approve(260_000, "With a chapter on signs for the second studio.")],
      [300, chooseBank],
      [299, announce("Sent today from our account at Mercator Bank.")],
      [270, confirm],
      [268, says("admin", "Thank you. Could you send me the logo as a vector file?")],
      [260, says("client", "Here is a link to all we have. The newest is in the folder 2026.")],
      [90, says("admin", "The first draft is ready. Please look at page 7 above all.")],
      [70, complete],
      [26, reopen("The colour values for print are missing.")],
    ],
  },
  {
    ...{ client: "bob", service: "online-shop", urgency: "low", hoursAgo: 290 },
    details: "A shop for about 9,000 spare parts with live stock from our own system.",
    then: [
      [280, reject("This is more than our shop package can carry. Please book an integration.")],
    ],
  },
  {
    ...{ client: "bob", service: "workflow-automation", urgency: "high", hoursAgo: 240 },
    details: "Orders come in by mail and are typed into the books by hand.",
    then: [
      [230, approve()],
      [200, payNow],
      [198, says("client", "When can we talk about the details?")],
      [195, says("admin", "Thursday at ten would suit me. I will send you a link.")],
      [
        194,
        notes("He types about 40 orders a day. Ask which till they use before we promise a date."),
      ],
      [
        5,
        says("client", "The till prints a list each evening. Would that be enough to begin with?"),
      ],
      [4, says("client", "I can send you one of last week.")],
    ],
  },
  {
    ...{ client: "alice", service: "website-copy", urgency: "medium", hoursAgo: 150 },
    details: "Five pages for the new site, in a calm voice.",
    then: [[140, approve()], [48, payNow]],
  },
  {
    ...{ client: "alice", service: "business-website", urgency: "medium", hoursAgo: 130 },
    details: "Seven pages, German and English, with our calendar.",
    then: [[120, approve(395_000, "A second language is included.")]],
  },
  {
    ...{ client: "bob", service: "team-training", urgency: "low", hoursAgo: 110 },
    details: "Six people, writing for the web, at our place in Leeds.",
    then: [[80, approve(145_000, "Half a day with travel, on the 14th.")]],
  },
  {
    ...{ client: "alice", service: "newsletter-setup", urgency: "high", hoursAgo: 96 },
    details: "We have 1,400 addresses in a spreadsheet, all with consent.",
    then: [
      [90, approve()],
      [60, chooseBank],
      [30, announce("Transfer of this morning, from Northwind Studio.")],
    ],
  },
  {
    ...{ client: "bob", service: "landing-page", urgency: "medium", hoursAgo: 85 },
    details: "For a raffle in May. One form, one thank-you page.",
    then: [[75, approve()], [12, chooseBank]],
  },
  {
    ...{ client: "bob", service: "logo-design", urgency: "high", hoursAgo: 66 },
    details: "Something with a bicycle, but not a wheel.",
    then: [[50, hold("Waiting for his answer on the trademark.")]],
  },
  {
    ...{ client: "bob", service: "website-relaunch", urgency: "medium", hoursAgo: 30 },
    details: "About 300 pages, grown since 2009. Many come from search.",
    then: [],
  },
  {
    ...{ client: "alice", service: "seo-audit", urgency: "low", hoursAgo: 20 },
    details: "We fell from the first page in autumn and do not know why.",
    then: [],
  },
  {
    ...{ client: "alice", service: "emergency-repair", urgency: "urgent", hoursAgo: 1 },
    details: "The shop shows a white page since this morning.",
    then: [],
  },
];

/** What one of them looks at each morning. */
export const filter = { name: "Long waits", query: "status=pending&sort=oldest" };

/** What staff say again and again. */
export const replies = [
  {
    slug: "thanks",
    body: "Thank you, {{client}}. We have what we need for {{service}} and begin now.",
  },
  {
    slug: "files",
    body:
      "Could you send us the files here, {{client}}? Up to five at once, 10 MB each. With larger ones please write {{reference}} into the name of the link.",
  },
  {
    slug: "done",
    body:
      "{{service}} is done. Please look at it in peace; what should be different we change within 14 days.\n\n{{me}}, {{agency}}",
  },
];
