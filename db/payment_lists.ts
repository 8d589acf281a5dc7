import { and, asc, type Column, desc, eq, gte, lt, not, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import { pageOf } from "./pages.ts";
import { needingPayments } from "./payment_needs.ts";
import type { Payment } from "./payments.ts";
import { type PaymentMethod, payments, type PaymentStatus, serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

export type PaymentFile = { payment: Payment; booking: Booking };
/** Where the last page ended: two payments may change in the same millisecond. */
export type PaymentCursor = Pick<Payment, "updatedAt" | "id">;
export type PaymentFilter = {
  status?: PaymentStatus;
  method?: PaymentMethod;
  /** Changed at or after this instant, and before that one. */
  from?: number;
  until?: number;
  reference?: string;
};
/** What the payments of one status and currency add up to, in minor units. */
export type PaymentSum = {
  status: PaymentStatus;
  currency: string;
  count: number;
  amountMinor: number;
  receivedMinor: number;
  refundedMinor: number;
};
export type PaymentList = {
  /** What a person must decide, longest waiting first. */
  waiting: PaymentFile[];
  /** All others, latest change first. */
  rest: PaymentFile[];
  next: PaymentCursor | null;
  /** Of all that the filter lets through, on every page the same. */
  sums: PaymentSum[];
};

const PAGE = 40;
const WAITING = 100;

/** The payments that `viewer`, an admin, looks at; those that need a person come before all others, on the first page. */
export async function listPayments(
  db: Db,
  viewer: Viewer,
  filter: PaymentFilter & { before?: PaymentCursor },
): Promise<PaymentList> {
  const { before } = filter;
  const chosen = chosenBy(viewer, filter);
  const [waiting, others, sums] = await db.batch([
    filed(db).where(and(needingPayments, chosen)).orderBy(asc(payments.updatedAt))
      .limit(before ? 0 : WAITING),
    filed(db).where(and(not(sql`coalesce(${needingPayments}, 0)`), chosen, olderThan(before)))
      .orderBy(desc(payments.updatedAt), desc(payments.id)).limit(PAGE + 1),
    sumsOf(db).where(chosen).groupBy(payments.status, payments.currency),
  ]);
  const { page: rest, last } = pageOf(others, PAGE);
  return { waiting, rest, next: last?.payment ?? null, sums };
}

/** All payments that the filter lets through, latest change first, read in pieces of `PIECE`. */
export async function* readPayments(
  db: Db,
  viewer: Viewer,
  filter: PaymentFilter,
): AsyncGenerator<PaymentFile[]> {
  let before: PaymentCursor | undefined;
  do {
    const piece = await filed(db).where(and(chosenBy(viewer, filter), olderThan(before)))
      .orderBy(desc(payments.updatedAt), desc(payments.id)).limit(PIECE);
    yield piece;
    before = piece.length === PIECE ? piece.at(-1)?.payment : undefined;
  } while (before);
}

const PIECE = 500;

function chosenBy(viewer: Viewer, { status, method, from, until, reference }: PaymentFilter) {
  return and(
    seenBy(viewer),
    status && eq(payments.status, status),
    method && eq(payments.method, method),
    from === undefined ? undefined : gte(payments.updatedAt, from),
    until === undefined ? undefined : lt(payments.updatedAt, until),
    reference === undefined ? undefined : eq(serviceBookings.reference, reference),
  );
}

const olderThan = (before?: PaymentCursor) =>
  before && sql`(${payments.updatedAt}, ${payments.id}) < (${before.updatedAt}, ${before.id})`;

const filed = (db: Db) =>
  db.select({ payment: payments, booking: serviceBookings }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId)).$dynamic();

const total = (column: Column) => sql<number>`coalesce(sum(${column}), 0)`;

const sumsOf = (db: Db) =>
  db.select({
    status: payments.status,
    currency: payments.currency,
    count: sql<number>`count(*)`,
    amountMinor: total(payments.amountMinor),
    receivedMinor: total(payments.receivedMinor),
    refundedMinor: total(payments.refundedMinor),
  }).from(payments)
    .innerJoin(serviceBookings, eq(serviceBookings.id, payments.bookingId)).$dynamic();
