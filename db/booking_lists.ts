import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
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
import { bookingEvents, serviceBookings, services, type Urgency, urgencyRank } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

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
    matching(filter.q),
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

function matching(q?: string): SQL | undefined {
  const words = q?.match(/[\p{L}\p{N}]+/gu)?.slice(0, 8);
  if (!words?.length) return undefined;
  const query = words.map((word) => `"${word}"*`).join(" ");
  return sql`${serviceBookings.id} in (select rowid from booking_search where booking_search match ${query})`;
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
    db.select({ status: serviceBookings.status, n: count() }).from(serviceBookings).where(seen)
      .groupBy(serviceBookings.status),
    db.select({
      currency: serviceBookings.currency,
      minor: sum(serviceBookings.priceMinor).mapWith(Number),
    })
      .from(serviceBookings)
      .where(and(seen, inArray(serviceBookings.status, ["approved", "payment_pending"])))
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
    lastActivity(db, seen),
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

const lastActivity = (db: Db, seen: SQL) =>
  db.select({
    event: bookingEvents,
    booking: { reference: serviceBookings.reference, serviceName: serviceBookings.serviceName },
  }).from(bookingEvents).innerJoin(serviceBookings, eq(serviceBookings.id, bookingEvents.bookingId))
    .where(seen).orderBy(desc(bookingEvents.at)).limit(12);
