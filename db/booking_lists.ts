import {
  and,
  asc,
  desc,
  eq,
  gt,
  isNotNull,
  isNull,
  lt,
  lte,
  type SQL,
  sql,
  sum,
} from "drizzle-orm";
import type { Booking, BookingEvent } from "./booking_moves.ts";
import type { Status } from "./booking_status.ts";
import type { Db } from "./client.ts";
import { countTroubles, type MailTroubles } from "./email_lists.ts";
import { pageOf } from "./pages.ts";
import { countNeeds } from "./payment_needs.ts";
import {
  bookingCounts,
  bookingEvents,
  serviceBookings,
  services,
  type Urgency,
  urgencyRank,
} from "./schema.ts";
import { countedFor, seenBy, seenThrough, seesAll, type Viewer } from "./viewers.ts";

const PAGE = 40;

export type BookingFilter = {
  status?: Status;
  urgency?: Urgency;
  /** A service's slug. */
  service?: string;
  /** A whole reference. */
  reference?: string;
  /** Beginnings of words: reference, client, company, service. */
  q?: string;
  /** Whom it is assigned to; null for nobody. */
  assignedTo?: number | null;
  /** By urgency, then the oldest: only what is pending. */
  sort: "urgency" | "newest" | "oldest";
  /** The id that the last page ended with. */
  page?: number;
};
export type BookingList = { bookings: Booking[]; next: number | null };

/** One page of the bookings `viewer` sees, by cursor: new bookings never shift a page. */
export async function listBookings(
  db: Db,
  viewer: Viewer,
  filter: BookingFilter,
): Promise<BookingList> {
  const { after, by } = orderOf(filter);
  const rows = await db.select().from(serviceBookings).where(and(
    seenBy(viewer),
    assigned(filter),
    filter.sort === "urgency"
      ? sql`${serviceBookings.status} = 'pending'`
      : filter.status && eq(serviceBookings.status, filter.status),
    filter.urgency && eq(serviceBookings.urgency, filter.urgency),
    filter.service ? eq(serviceBookings.serviceId, serviceNamed(filter.service)) : undefined,
    filter.reference ? eq(serviceBookings.reference, filter.reference) : undefined,
    matching(viewer, filter),
    after,
  )).orderBy(...by).limit(PAGE + 1);
  const { page: bookings, last } = pageOf(rows, PAGE);
  return { bookings, next: last?.id ?? null };
}

/** What comes after the page that ended with `page`, and in which order. */
function orderOf({ sort, page }: BookingFilter): { after?: SQL; by: SQL[] } {
  const { id } = serviceBookings;
  if (sort === "newest") return { after: page ? lt(id, page) : undefined, by: [desc(id)] };
  if (sort === "oldest") return { after: page ? gt(id, page) : undefined, by: [asc(id)] };
  const last = sql`(select ${urgencyRank} from service_bookings where id = ${page})`;
  const after = sql`${urgencyRank} >= ${last} and (${urgencyRank} > ${last} or ${id} > ${page})`;
  return { after: page ? after : undefined, by: [asc(urgencyRank), asc(id)] };
}

function assigned({ assignedTo }: BookingFilter): SQL | undefined {
  if (assignedTo === undefined) return undefined;
  const column = serviceBookings.assignedTo;
  return assignedTo === null ? isNull(column) : eq(column, assignedTo);
}

/** One value, not a list: so the index gives the service's bookings in order already. */
const serviceNamed = (slug: string) =>
  sql`(select ${services.id} from ${services} where ${services.slug} = ${slug})`;

function matching(viewer: Viewer, filter: BookingFilter): SQL | undefined {
  const words = filter.q?.match(/[\p{L}\p{N}]+/gu)?.slice(0, 8);
  if (!words?.length) return undefined;
  const query = words.map((word) => `"${word}"*`).join(" ");
  const ids = viewer.kind === "admin" && isPlain(filter)
    ? pageFor(viewer.id, query, filter)
    : matches(sql`${query}`);
  return sql`${serviceBookings.id} in (${ids})`;
}

const matches = (query: SQL) =>
  sql`select rowid from booking_search where booking_search match ${query}`;

/** Whether nothing but words narrows the list, in the order that the words' own index has. */
const isPlain = ({ q: _, sort, page: __, ...narrowed }: BookingFilter) =>
  sort !== "urgency" && Object.values(narrowed).every((value) => value === undefined);

/**
 * Who sees all is shown the first that are found, and no others are looked for; an agent's own are few, and each is
 * looked at by itself. To an agent the first question is of no word, to which nothing is the answer at once.
 */
function pageFor(adminId: number, query: string, { sort, page }: BookingFilter): SQL {
  const newest = sort === "newest";
  const beyond = page ? newest ? sql`and rowid < ${page}` : sql`and rowid > ${page}` : sql``;
  const all = seesAll(adminId);
  return sql`select rowid from (${matches(sql`case when ${all} then ${query} else '""' end`)}
      ${beyond} order by rowid ${newest ? sql`desc` : sql`asc`} limit ${PAGE + 1})
    union all select id from service_bookings where assigned_to = iif(${all}, null, ${adminId})
      and exists (${matches(sql`${query}`)} and rowid = service_bookings.id)`;
}

export type Dashboard = {
  counts: { status: Status; n: number }[];
  /** Prices that were approved and are not paid yet, by currency. */
  waiting: { currency: string; minor: number }[];
  urgent: Booking[];
  /** Pending bookings that nobody answered within three days. */
  overdue: Booking[];
  /** Pending bookings that the clock cannot answer, the longest waiting first. */
  attention: Booking[];
  activity: (BookingEvent & { reference: string; serviceName: string })[];
  paymentsToReview: number;
  mails: MailTroubles;
};

const ALERTS = 10;
const ANSWER_WITHIN = 3 * 86_400_000;

/** How the bookings that `viewer` sees stand. */
export async function readDashboard(db: Db, viewer: Viewer, now: number): Promise<Dashboard> {
  const seen = seenBy(viewer);
  const pending = and(seen, eq(serviceBookings.status, "pending"));
  const [counts, waiting, urgent, overdue, attention, activity, reviews, mails] = await db.batch([
    countsOf(db, viewer),
    db.select({
      currency: serviceBookings.currency,
      minor: sum(serviceBookings.priceMinor).mapWith(Number),
    })
      .from(serviceBookings)
      .where(and(seen, sql`status in ('approved', 'payment_pending')`))
      .groupBy(serviceBookings.currency),
    db.select().from(serviceBookings).where(and(pending, eq(serviceBookings.urgency, "urgent")))
      .orderBy(asc(serviceBookings.id)).limit(ALERTS),
    db.select().from(serviceBookings).where(
      and(pending, lte(serviceBookings.createdAt, now - ANSWER_WITHIN)),
    )
      .orderBy(asc(serviceBookings.id)).limit(ALERTS),
    db.select().from(serviceBookings)
      .where(and(pending, isNotNull(serviceBookings.attention)))
      .orderBy(asc(serviceBookings.id)).limit(ALERTS),
    lastActivity(db, viewer),
    countNeeds(db, viewer, now),
    countTroubles(db, viewer, now),
  ]);
  return {
    ...{ counts, waiting, urgent, overdue, attention },
    activity: activity.map((row) => ({ ...row.event, ...row.booking })),
    paymentsToReview: reviews.reduce((total, { n }) => total + n, 0),
    mails: mails[0] ?? { dead: 0, late: 0 },
  };
}

const countsOf = (db: Db, viewer: Viewer) =>
  db.select({ status: bookingCounts.status, n: sum(bookingCounts.n).mapWith(Number) })
    .from(bookingCounts).where(countedFor(viewer)).groupBy(bookingCounts.status);

/** Whose bookings they are is asked of the events: asked of the bookings, all of those would be read first. */
const lastActivity = (db: Db, viewer: Viewer) =>
  db.select({
    event: bookingEvents,
    booking: { reference: serviceBookings.reference, serviceName: serviceBookings.serviceName },
  }).from(bookingEvents).innerJoin(serviceBookings, eq(serviceBookings.id, bookingEvents.bookingId))
    .where(seenThrough(viewer, bookingEvents.bookingId)).orderBy(desc(bookingEvents.at)).limit(12);
