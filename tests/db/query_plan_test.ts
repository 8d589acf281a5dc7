import { assert, assertEquals } from "@std/assert";
import type { InStatement } from "@libsql/client";
import { findLine, findOpenLines, openLines } from "../../db/bank_lines.ts";
import { findNotesFor } from "../../db/booking_notes.ts";
import { findBookingFor, listBookingsOf } from "../../db/booking_finders.ts";
import { listOverdueApprovals } from "../../db/approval_candidates.ts";
import { listUnpaid } from "../../db/booking_ends.ts";
import { type BookingFilter, listBookings, readDashboard } from "../../db/booking_lists.ts";
import { listBookingsNamed } from "../../db/bulk_approvals.ts";
import { listTransfersOf, listUnmatchedTransfers } from "../../db/chain_transfers.ts";
import { readWatch } from "../../db/chain_watch.ts";
import { readCharts } from "../../db/charts.ts";
import { findConversationFor } from "../../db/chat_finders.ts";
import { readCursor, readFeed, readMissed } from "../../db/chat_feed.ts";
import { readRoomStates } from "../../db/chat_presence.ts";
import { listRooms } from "../../db/chat_rooms.ts";
import { searchMessages } from "../../db/chat_search.ts";
import { listUnread } from "../../db/chat_unread.ts";
import type { Db } from "../../db/client.ts";
import { listTurnsOf } from "../../db/deliveries.ts";
import { findLastMove } from "../../db/decision_undo.ts";
import { sendDigest } from "../../db/digests.ts";
import { claimEmails } from "../../db/email_claims.ts";
import { countTroubles, findEmailFor, listEmails, listEmailsOf } from "../../db/email_lists.ts";
import { listLapsed, listLeft } from "../../db/lapsed_quotes.ts";
import { listAttemptsOf } from "../../db/payment_finders.ts";
import { freeIdleBookings } from "../../db/idle_bookings.ts";
import { listPayments, readPayments } from "../../db/payment_lists.ts";
import { findTarget } from "../../db/payment_targets.ts";
import { takeNotice } from "../../db/payment_notices.ts";
import { listUnbegun, listUnclosed, listUnsettled } from "../../db/payment_waits.ts";
import type { Payment } from "../../db/payments.ts";
import { findReceiptFor } from "../../db/receipt_finders.ts";
import { claimRefunds } from "../../db/refund_claims.ts";
import { findRefundFile, findRefundFor, listRefundsToMend } from "../../db/refund_finders.ts";
import { remindToPay } from "../../db/reminders.ts";
import { listFilters } from "../../db/saved_filters.ts";
import { findPerson } from "../../db/sessions.ts";
import { discardFiles, sweepFiles } from "../../db/file_sweep.ts";
import { findProofFor } from "../../db/stored_files.ts";
import { readTrends } from "../../db/trends.ts";
import { listTransfersToTell } from "../../db/transfer_notices.ts";
import { chartSpans } from "../../routes/admin/chart_spans.ts";
import { bookingIn, castIn, DAY, NOW, OWNER } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { told } from "../ledger.ts";

type Plan = { sql: string; steps: string[] };

/** Runs `query` and returns the plans of all statements it sent. */
async function plansOf(db: Db, query: () => Promise<unknown>): Promise<Plan[]> {
  const client = db.$client;
  const { execute, batch } = client;
  const sent: InStatement[] = [];
  client.execute = (statement: InStatement | string) => {
    sent.push(statement);
    return execute.call(client, statement as string);
  };
  client.batch = (statements, mode) => {
    sent.push(...statements as InStatement[]);
    return batch.call(client, statements, mode);
  };
  try {
    await query();
  } finally {
    Object.assign(client, { execute, batch });
  }
  return await Promise.all(sent.map((statement) => explain(db, statement)));
}

async function explain(db: Db, statement: InStatement): Promise<Plan> {
  const { sql, args } = typeof statement === "string" ? { sql: statement, args: [] } : statement;
  const { rows } = await db.$client.execute({ sql: `explain query plan ${sql}`, args: args ?? [] });
  return { sql, steps: rows.map((row) => String(row.detail)) };
}

/**
 * A walk is fine where an index holds all that it reads, or where a limit ends it soon: nothing is left out
 * on the way, or, by time, only the few payments that wait for a person. Whose bookings somebody sees leaves
 * nothing out for those who see all.
 */
function isCheap(step: string, sql: string): boolean {
  if (!step.startsWith("SCAN") || step === "SCAN CONSTANT ROW") return true;
  if (/USING COVERING INDEX|VIRTUAL TABLE INDEX/.test(step)) return true;
  const narrowed = /\bwhere (?!order|group)/.test(sql.replace(scope, ""));
  if (/\bgroup by\b/.test(sql) && /USING INDEX/.test(step)) return !narrowed;
  return /\blimit\b/.test(sql) && (!narrowed || /USING INDEX \w+_by_time$/.test(step));
}

/** What an inner query found is walked once more; how it found it is a step of its own. */
const isFound = (step: string, steps: string[]) =>
  ["CO-ROUTINE", "MATERIALIZE"].some((how) => steps.includes(step.replace(/^SCAN/, how)));

const scope = /\(exists \(select 1 from "admins".*?'agent'\) or .*?= \?\)+ /;

const filters: Record<string, Partial<BookingFilter>> = {
  "nothing": {},
  "the oldest": { sort: "oldest" },
  "a page": { page: 5 },
  "what is most urgent": { status: "pending", sort: "urgency" },
  "what is less urgent": { status: "pending", sort: "urgency", page: 5 },
  "a status": { status: "pending" },
  "an urgency": { urgency: "urgent" },
  "a service": { service: "landing-page" },
  "a status, further on": { status: "pending", page: 5 },
};
const searches: Record<string, Partial<BookingFilter>> = {
  "words": { q: "ali web" },
  "everything": { q: "ali", status: "pending", urgency: "low", service: "landing-page", page: 5 },
};

Deno.test("the queries behind pages, streams and jobs walk no table", async (t) => {
  await using database = await openTestDatabase("sqld");
  const { db } = database;
  const cast = await castIn(db);
  const { booking, payments } = await bookingIn(cast, "in_progress");
  const { reference, accessToken } = booking;
  const client = { kind: "client" as const, id: cast.alice.id as number };
  const guest = { kind: "guest" as const, token: accessToken };
  const list = (filter: Partial<BookingFilter>) =>
    listBookings(db, OWNER, { sort: "newest", ...filter });
  const queries: Record<string, () => Promise<unknown>> = {
    findBookingFor: () => findBookingFor(db, client, reference),
    "findBookingFor a guest": () => findBookingFor(db, guest, reference),
    listBookingsOf: () => listBookingsOf(db, client.id),
    listTurnsOf: () => listTurnsOf(db, client.id),
    findLastMove: () => findLastMove(db, OWNER, reference),
    listBookingsNamed: () => listBookingsNamed(db, OWNER, [reference, "CP2026ABC123"]),
    listFilters: () => listFilters(db, OWNER.id),
    readTrends: () =>
      readTrends(db, OWNER, { now: NOW, months: chartSpans(NOW, "UTC").months, currency: "USD" }),
    readDashboard: () => readDashboard(db, OWNER, NOW),
    readCharts: () => readCharts(db, OWNER, { ...chartSpans(NOW, "UTC"), currency: "USD" }),
    listOverdueApprovals: () => listOverdueApprovals(db, NOW, { limit: 50 }),
    listUnpaid: () => listUnpaid(db, NOW, 50),
    remindToPay: () => remindToPay(db, NOW + DAY, { zone: "UTC" }),
    sendDigest: () => sendDigest(db, NOW, { zone: "UTC" }),
    readCursor: () => readCursor(db),
    readFeed: () => readFeed(db, { message: 0, at: null, change: 0 }, 50),
    readMissed: () =>
      readMissed(db, 1, {
        ...{ message: 2, heard: true, change: 0, limit: 50 },
        epoch: { message: 1, at: NOW },
      }),
    sweepFiles: () => sweepFiles({ db, bucket: null }, NOW),
    discardFiles: () => discardFiles(db, ["a", "b"]),
    readRoomStates: () => readRoomStates(db, [1, 2]),
    listUnread: () => listUnread(db, client),
    "listUnread for staff": () => listUnread(db, OWNER),
    listRooms: () => listRooms(db, OWNER, {}),
    "listRooms that are mine": () => listRooms(db, OWNER, { show: "mine" }),
    "listRooms with something new": () =>
      listRooms(db, OWNER, { show: "unread", after: { turn: NOW, id: 1 } }),
    searchMessages: () => searchMessages(db, OWNER, { q: "for the fair", before: 50 }),
    findNotesFor: () => findNotesFor(db, OWNER, { reference, before: 5 }),
    findConversationFor: () => findConversationFor(db, client, { reference, before: 5 }),
    claimEmails: () => claimEmails(db, NOW + DAY),
    listEmails: () => listEmails(db, OWNER, {}),
    "listEmails by status": () => listEmails(db, OWNER, { status: "dead", before: 5 }),
    "listEmails by template": () => listEmails(db, OWNER, { template: "new_booking", before: 5 }),
    "listEmails by booking": () => listEmails(db, OWNER, { booking: reference, before: 5 }),
    countTroubles: () => countTroubles(db, OWNER, NOW),
    findEmailFor: () => findEmailFor(db, OWNER, 1),
    listEmailsOf: () => listEmailsOf(db, OWNER, reference),
    listPayments: () => listPayments(db, OWNER, {}),
    "listPayments by all": () =>
      listPayments(db, OWNER, {
        ...{ status: "succeeded", method: "bank", from: NOW - DAY, until: NOW + DAY, reference },
        before: { updatedAt: NOW, id: "payment" },
      }),
    readPayments: () => Array.fromAsync(readPayments(db, OWNER, { from: NOW - DAY })),
    openLines: () => openLines(db, OWNER).all(),
    findOpenLines: () => findOpenLines(db, OWNER, [1, 2]),
    findLine: () => findLine(db, OWNER, 1).catch(() => {}),
    findTarget: () => findTarget(db, OWNER, { typed: reference, method: "bank" }),
    findProofFor: () => findProofFor(db, client, payments[0]?.id ?? "").catch(() => {}),
    listAttemptsOf: () => listAttemptsOf(db, client.id),
    readWatch: () => readWatch(db, NOW),
    listTransfersOf: () => listTransfersOf(db, "payment"),
    listUnmatchedTransfers: () => listUnmatchedTransfers(db),
    listLeft: () => listLeft(db, { watched: [], now: NOW }),
    listTransfersToTell: () => listTransfersToTell(db, "evm"),
    listLapsed: () => listLapsed(db, "evm", NOW),
    findReceiptFor: () => findReceiptFor(db, client, { reference, kind: "receipt", number: 1 }),
    listUnsettled: () => listUnsettled(db, NOW, { methods: ["stripe", "paypal"], limit: 100 }),
    listUnclosed: () => listUnclosed(db, { methods: ["stripe"], limit: 100 }),
    listUnbegun: () => listUnbegun(db, NOW, 100),
    freeIdleBookings: () => freeIdleBookings(db, NOW, 100),
    takeNotice: () => takeNotice(db, told(payments[0] as Payment), NOW),
    claimRefunds: () => claimRefunds(db, NOW),
    findRefundFile: () => findRefundFile(db, OWNER, payments[0]?.id ?? ""),
    findRefundFor: () => findRefundFor(db, OWNER, "none").catch(() => {}),
    listRefundsToMend: () => listRefundsToMend(db, OWNER, NOW),
    findPerson: () => findPerson(db, "session", NOW),
  };
  for (const [by, filter] of Object.entries({ ...filters, ...searches })) {
    queries[`listBookings by ${by}`] = () => list(filter);
  }
  for (const [name, query] of Object.entries(queries)) {
    await t.step(name, async () => {
      const plans = await plansOf(db, query);
      assert(plans.length > 0);
      for (const { sql, steps } of plans) {
        const walks = steps.filter((step) => !isCheap(step, sql) && !isFound(step, steps));
        assertEquals(walks, [], sql);
      }
    });
  }
  await t.step("claimEmails looks neither at all that are due nor at all of a kind", async () => {
    const plans = await plansOf(db, () => claimEmails(db, NOW + DAY));
    assertEquals(plans.length, 3);
    const [claim] = plans;
    assertEquals(claim?.steps.filter((step) => step.includes("ORDER BY")), []);
    const walks = plans.flatMap(({ steps }) => steps).filter((step) =>
      step.includes("by_template")
    );
    assertEquals(walks, []);
  });
  for (const name of ["readDashboard", "readCharts", "readTrends"]) {
    await t.step(`${name} reads neither all bookings nor all events`, async () => {
      const steps = (await plansOf(db, queries[name] as () => Promise<unknown>))
        .filter(({ sql }) => !/\blimit\b/.test(sql)).flatMap((plan) => plan.steps);
      const walks = steps.filter((step) => /^SCAN (service_bookings|booking_events)/.test(step));
      assertEquals(walks.filter((step) => !step.endsWith("INDEX bookings_unpaid")), []);
    });
  }
  await t.step("the charts read each week from an index that holds all they need", async () => {
    const { weeks, months } = chartSpans(NOW, "UTC");
    const charts = await plansOf(
      db,
      () => readCharts(db, OWNER, { weeks, months, currency: "USD" }),
    );
    const [came, , approved] = charts.map(({ steps }) =>
      steps.filter((step) => /^SEARCH (service_b|approval)/.test(step))
    );
    assertEquals(came, [
      "SEARCH service_bookings USING COVERING INDEX bookings_by_time (status=? AND created_at>? AND created_at<?)",
    ]);
    assertEquals(
      approved?.[0],
      "SEARCH approval_waits USING COVERING INDEX waits_by_time (at>? AND at<?)",
    );
  });
  await t.step("a search for words alone looks for no more than a page", async () => {
    const [plan] = await plansOf(db, () => list({ q: "ali web" }));
    const inOrder = plan?.steps.filter((step) => /booking_search VIRTUAL TABLE INDEX/.test(step));
    assertEquals(inOrder?.[0], "SCAN booking_search VIRTUAL TABLE INDEX 192:M5");
    assertEquals(plan?.steps.filter((step) => step.includes("ORDER BY")), []);
  });
  for (const [by, filter] of Object.entries(filters)) {
    await t.step(`listBookings by ${by} comes in order without sorting`, async () => {
      const [plan] = await plansOf(db, () => list(filter));
      assertEquals(plan?.steps.filter((step) => step.includes("ORDER BY")), []);
    });
  }
});
