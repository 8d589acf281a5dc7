import { and, count, type SQL, sql } from "drizzle-orm";
import type { Span } from "./charts.ts";
import type { Db } from "./client.ts";
import { bookingEvents } from "./schema.ts";
import { seenThrough, type Viewer } from "./viewers.ts";

/** What happened in a stretch of time, and in the one of the same length before it. */
export type Trend = { last: number; before: number };
export type Trends = {
  /** Bookings that came in, of 7 days and the 7 before. */
  came: Trend;
  /** Prices that were approved, in minor units, of 7 days and the 7 before. */
  approved: Trend;
  /** Bookings whose work began, of 7 days and the 7 before. */
  started: Trend;
  /** Bookings that were delivered in this month so far, and in the same days of the last one. */
  completed: Trend;
};

const WEEK = 7 * 86_400_000;
const moveOf: Record<keyof Trends, string> = {
  ...{ came: "submit", approved: "approve", started: "start", completed: "complete" },
};

/** How the bookings that `viewer` sees went lately; money in `currency`. `months` ends with the present one. */
export async function readTrends(
  db: Db,
  viewer: Viewer,
  { now, months, currency }: { now: number; months: Span[]; currency: string },
): Promise<Trends> {
  const spans = spansAt(now, months);
  const rows = await db.select({
    span: sql<number>`span.key`,
    n: sql<number>`(${inSpan(db, viewer, count())})`.as("n"),
    minor: sql<number>`case when ${move} = ${moveOf.approved}
      then (${inSpan(db, viewer, pricesIn(currency))}) end`.as("minor"),
  }).from(sql`json_each(${JSON.stringify(spans.map(({ range }) => range))}) as span`);
  const of = (name: keyof Trends, side: keyof Trend) => {
    const key = spans.findIndex((span) => span.name === name && span.side === side);
    const row = rows.find(({ span }) => span === key);
    return (name === "approved" ? row?.minor : row?.n) ?? 0;
  };
  const trend = (name: keyof Trends) => ({ last: of(name, "last"), before: of(name, "before") });
  return {
    ...{ came: trend("came"), approved: trend("approved") },
    ...{ started: trend("started"), completed: trend("completed") },
  };
}

const move = sql`span.value ->> 0`;

/** `what` of the events of the stretch that the query around it is at; the bookings themselves are left alone. */
const inSpan = (db: Db, viewer: Viewer, what: SQL<number>) =>
  db.select({ what }).from(bookingEvents).where(and(
    sql`${bookingEvents.move} = ${move}`,
    sql`${bookingEvents.at} >= span.value ->> 1 and ${bookingEvents.at} < span.value ->> 2`,
    seenThrough(viewer, bookingEvents.bookingId),
  ));

const pricesIn = (currency: string) =>
  sql<number>`coalesce(sum(${bookingEvents.priceMinor}) filter (where ${currency} = (
    select b.currency from service_bookings b where b.id = ${bookingEvents.bookingId})), 0)`;

type Stretch = { name: keyof Trends; side: keyof Trend; range: [string, number, number] };

/** This instant belongs to what was: the stretches end just after it. */
function spansAt(now: number, months: Span[]): Stretch[] {
  const end = now + 1;
  const [lastMonth, month] = months.slice(-2);
  const sameDay = lastMonth && month && Math.min(lastMonth.from + end - month.from, month.from);
  return (Object.keys(moveOf) as (keyof Trends)[]).flatMap((name): Stretch[] => {
    const byMonth = name === "completed" && lastMonth && month && sameDay !== undefined;
    const last = byMonth ? [month.from, end] : [end - WEEK, end];
    const before = byMonth ? [lastMonth.from, sameDay] : [end - 2 * WEEK, end - WEEK];
    return [
      { name, side: "last", range: [moveOf[name], ...last as [number, number]] },
      { name, side: "before", range: [moveOf[name], ...before as [number, number]] },
    ];
  });
}
