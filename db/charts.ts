import { and, count, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Status } from "./booking_status.ts";
import type { Db } from "./client.ts";
import { bookingEvents, payments, receipts, serviceBookings } from "./schema.ts";
import { seenBy, seesAll, type Viewer } from "./viewers.ts";

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
    approvals: weeks.map((_, at) => {
      const { n, wait } = approved.find(({ span }) => span === at) ?? { n: 0, wait: null };
      return { n, wait };
    }),
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

const cameIn = (db: Db, viewer: Viewer, weeks: Span[]) =>
  db.select({ span: place, status: serviceBookings.status, n: count() })
    .from(each(weeks)).crossJoin(serviceBookings)
    .where(and(within(serviceBookings.createdAt), seenBy(viewer)))
    .groupBy(place, serviceBookings.status);

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

/** The median is the middle wait of a week, of an even number the mean of the two in the middle. */
function approvedIn(db: Db, viewer: Viewer, weeks: Span[]) {
  const waits = waitsIn(db, viewer, weeks);
  const { span, n, nth } = waits;
  return db.select({ span, n, wait: sql<number>`avg(${waits.wait})` }).from(waits)
    .where(sql`${nth} in ((${n} + 1) / 2, (${n} + 2) / 2)`).groupBy(sql`${span}`);
}

function waitsIn(db: Db, viewer: Viewer, weeks: Span[]) {
  const wait = sql<number>`${bookingEvents.at} - ${serviceBookings.createdAt}`;
  return db.select({
    span: sql<number>`${place}`.as("week"),
    wait: sql<number>`${wait}`.as("wait"),
    n: sql<number>`count(*) over (partition by ${place})`.as("n"),
    nth: sql<number>`row_number() over (partition by ${place} order by ${wait})`.as("nth"),
  }).from(each(weeks)).crossJoin(bookingEvents).crossJoin(serviceBookings)
    .where(and(
      eq(bookingEvents.move, "approve"),
      within(bookingEvents.at),
      eq(serviceBookings.id, bookingEvents.bookingId),
      seenBy(viewer),
    )).as("waits");
}

const workloadOf = (db: Db, viewer: Viewer) =>
  db.select({
    name: sql<string | null>`(
      select admins.name from admins where admins.id = service_bookings.assigned_to)`,
    n: count(),
  }).from(serviceBookings)
    .where(and(seenBy(viewer), inArray(serviceBookings.status, unfinished)))
    .groupBy(serviceBookings.assignedTo).orderBy(desc(count()), serviceBookings.assignedTo).limit(
      TEAM,
    );
