import { and, count, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type Status, statuses } from "./booking_status.ts";
import type { Db } from "./client.ts";
import {
  admins,
  approvalWaits,
  bookingCounts,
  payments,
  receipts,
  serviceBookings,
} from "./schema.ts";
import { countedFor, seenBy, seenThrough, seesAll, type Viewer } from "./viewers.ts";

/** A week or a month as somebody's calendar has it: from one instant until just before the other. */
export type Span = { /** Its first day, YYYY-MM-DD. */ day: string; from: number; until: number };
/** Both in order, each span beginning where the one before it ends. */
export type Spans = { weeks: Span[]; months: Span[] };

export type Stage = "open" | "paid" | "ended";
/** A list stands beside the spans it is about, place for place. */
export type Charts = Spans & {
  /** Bookings that came in a week, by how they stand now. */
  bookings: Record<Stage, number>[];
  currency: string;
  /** What came in a month and was not sent back until now, in minor units of `currency`. */
  revenue: number[];
  /** Approvals of a week, and the median wait for them in milliseconds. */
  approvals: { n: number; wait: number | null }[];
  /** Bookings that somebody has to look after, by person, most first; null is nobody in particular. */
  workload: { name: string | null; n: number }[];
};

/** The largest team whose members stand in the workload one by one. */
const TEAM = 100;
const stageOf: Record<Status, Stage> = {
  ...{ pending: "open", approved: "open", payment_pending: "open" },
  ...{ paid: "paid", in_progress: "paid", completed: "paid" },
  ...{ rejected: "ended", cancelled: "ended", expired: "ended" },
};
const unfinished: Status[] = ["pending", "approved", "payment_pending", "paid", "in_progress"];

/** How the bookings that `viewer`, an admin, sees went over time. */
export async function readCharts(
  db: Db,
  viewer: Viewer,
  { weeks, months, currency }: Spans & { currency: string },
): Promise<Charts> {
  const [came, earned, approved, workload] = await db.batch([
    cameIn(db, viewer, weeks),
    earnedIn(db, viewer, { months, currency }),
    approvedIn(db, viewer, weeks),
    workloadOf(db, viewer),
  ]);
  return {
    ...{ weeks, months, currency, workload },
    bookings: weeks.map((_, at) => byStage(came.filter(({ span }) => span === at))),
    revenue: months.map((_, at) => earned.find(({ span }) => span === at)?.minor ?? 0),
    approvals: approved.map(({ waits }) => middleOf(waits)),
  };
}

function byStage(rows: { status: Status; n: number }[]): Record<Stage, number> {
  const sums = { open: 0, paid: 0, ended: 0 };
  for (const { status, n } of rows) sums[stageOf[status]] += n;
  return sums;
}

/** The spans as a table of their own: each is looked up in an index, and nothing before the first is read. */
const each = (spans: Span[]) =>
  sql`json_each(${JSON.stringify(spans.map(({ from, until }) => [from, until]))}) as span`;
const place = sql<number>`span.key`;
const within = (column: SQLiteColumn) =>
  sql`${column} >= span.value ->> 0 and ${column} < span.value ->> 1`;

/** Each number by itself: all that came in a week would have to be sorted to be counted in groups. */
function cameIn(db: Db, viewer: Viewer, weeks: Span[]) {
  const { status, createdAt } = serviceBookings;
  const inStatus = db.select({ n: count() }).from(serviceBookings)
    .where(and(sql`${status} = state.value`, within(createdAt), seenBy(viewer)));
  return db.select({
    span: place,
    status: sql<Status>`state.value`,
    n: sql<number>`(${inStatus})`.as("n"),
  }).from(each(weeks)).crossJoin(sql`json_each(${JSON.stringify(statuses)}) as state`);
}

/** Money counts in the month of its receipt, whenever a part of it went back. */
const earnedIn = (
  db: Db,
  viewer: Viewer,
  { months, currency }: { months: Span[]; currency: string },
) =>
  db.select({
    span: place,
    minor: sql<number>`sum(${payments.receivedMinor} - ${payments.refundedMinor})`,
  }).from(each(months)).crossJoin(receipts).crossJoin(payments)
    .where(and(
      eq(receipts.kind, "receipt"),
      within(receipts.issuedAt),
      eq(payments.id, receipts.paymentId),
      eq(payments.currency, currency),
      paidFor(viewer),
    )).groupBy(place);

/** Whose payments `viewer` sees; who sees all needs no look at the bookings. */
function paidFor(viewer: Viewer): SQL | undefined {
  const own = viewer.kind === "admin" ? eq(serviceBookings.assignedTo, viewer.id) : seenBy(viewer);
  const bookings = sql`(select ${serviceBookings.id} from ${serviceBookings} where ${own})`;
  const theirs = sql`${payments.bookingId} in ${bookings}`;
  return viewer.kind === "admin" ? or(seesAll(viewer.id), theirs) : theirs;
}

/** The waits of a week come as one list: it is sorted here in less time than rows take to be read. */
function approvedIn(db: Db, viewer: Viewer, weeks: Span[]) {
  const waits = db.select({ list: sql`json_group_array(${approvalWaits.wait})` })
    .from(approvalWaits)
    .where(and(within(approvalWaits.at), seenThrough(viewer, approvalWaits.bookingId)));
  return db.select({ waits: sql<string>`(${waits})`.as("waits") })
    .from(each(weeks)).orderBy(place);
}

/** The middle of a JSON list of waits, of an even number the mean of the two in the middle. */
function middleOf(list: string): { n: number; wait: number | null } {
  const waits = Float64Array.from(JSON.parse(list) as number[]).sort();
  const n = waits.length;
  const [low, high] = [waits[(n - 1) >> 1], waits[n >> 1]];
  return { n, wait: low === undefined || high === undefined ? null : (low + high) / 2 };
}

const workloadOf = (db: Db, viewer: Viewer) => {
  const { assignedTo, n } = bookingCounts;
  const total = sql<number>`sum(${n})`;
  return db.select({ name: admins.name, n: total }).from(bookingCounts)
    .leftJoin(admins, eq(admins.id, assignedTo))
    .where(and(countedFor(viewer), inArray(bookingCounts.status, unfinished)))
    .groupBy(assignedTo).having(sql`${total} > 0`)
    .orderBy(desc(total), assignedTo).limit(TEAM);
};
