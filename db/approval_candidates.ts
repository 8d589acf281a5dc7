import { and, asc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import { type ApprovalFacts, approvalLimit } from "./auto_approval.ts";
import type { Booking } from "./booking_moves.ts";
import type { Db } from "./client.ts";
import { serviceBookings, services, users } from "./schema.ts";

export type Candidate = ApprovalFacts & { booking: Booking };

const facts = {
  booking: serviceBookings,
  service: {
    priceMinor: services.priceMinor,
    state: services.state,
    approvesItself: services.approvesItself,
  },
  blockedAt: users.blockedAt,
  limitMinor: approvalLimit,
};

const candidates = (db: Db) =>
  db.select(facts).from(serviceBookings)
    .innerJoin(services, eq(services.id, serviceBookings.serviceId))
    .innerJoin(users, eq(users.id, serviceBookings.userId));

/** One booking as the clock sees it, or none of that name. */
export async function findCandidate(db: Db, reference: string): Promise<Candidate | undefined> {
  return await candidates(db).where(eq(serviceBookings.reference, reference)).get();
}

const waits = and(eq(serviceBookings.status, "pending"), isNull(serviceBookings.heldAt));

/** Where a list in order of time goes on. */
export type Cursor = { at: number; id: number };
type Asked = { limit: number; after?: Cursor; reference?: string };

/** Pending bookings whose time is over by `now` and that are not held, the earliest first. */
export async function listOverdueApprovals(
  db: Db,
  now: number,
  { limit, after, reference }: Asked,
): Promise<Candidate[]> {
  const { autoApproveAt, id } = serviceBookings;
  return await candidates(db).where(and(
    waits,
    lte(autoApproveAt, now),
    reference ? eq(serviceBookings.reference, reference) : undefined,
    after && or(
      gt(autoApproveAt, after.at),
      and(eq(autoApproveAt, after.at), gt(id, after.id)),
    ),
  )).orderBy(asc(autoApproveAt), asc(id)).limit(limit);
}

/** A booking without a time of its own comes after all that have one. */
const order = sql<number>`coalesce(${serviceBookings.autoApproveAt}, 9e15)`;

/** Every pending booking as the clock sees it, the next to approve itself first. */
export async function listPendingApprovals(
  db: Db,
  { limit, after }: Pick<Asked, "limit" | "after">,
): Promise<Candidate[]> {
  const { status, id } = serviceBookings;
  return await candidates(db).where(and(
    eq(status, "pending"),
    after && or(
      sql`${order} > ${after.at}`,
      and(sql`${order} = ${after.at}`, gt(id, after.id)),
    ),
  )).orderBy(order, asc(id)).limit(limit);
}

/** Where `listPendingApprovals` goes on after `booking`. */
export const cursorAt = ({ autoApproveAt, id }: Booking): Cursor => ({
  at: autoApproveAt ?? 9e15,
  id,
});
