import { type SQL, sql } from "drizzle-orm";
import type { Booking } from "./booking_moves.ts";
import type { Service } from "./services.ts";

/** The setting that holds the limit, in minor units; without its row there is none. */
export const APPROVAL_LIMIT = "auto_approve_limit_minor";
export const approvalLimit = sql<
  number | null
>`(select cast(value as integer) from settings where key = ${APPROVAL_LIMIT})`;

/** Why the clock does not approve a booking. */
export type Reason =
  | "decided"
  | "held"
  | "unpriced"
  | "inactive"
  | "switched_off"
  | "by_hand"
  | "price_changed"
  | "blocked"
  | "over_limit";

/** All that decides whether the clock may approve a booking, as it stands now. */
export type ApprovalFacts = {
  booking: Pick<
    Booking,
    "status" | "heldAt" | "cataloguePriceMinor" | "autoApproveAt"
  >;
  service: Pick<Service, "priceMinor" | "state" | "approvesItself">;
  /** Since when nothing of this client's approves itself. */
  blockedAt: number | null;
  /** The highest price, in minor units, that approves itself; null without a limit. */
  limitMinor: number | null;
};

/** Why the clock would not approve this booking now, were its time over; null when it would. */
export function whyNotApproved(facts: ApprovalFacts): Reason | null {
  const { booking, service, blockedAt, limitMinor } = facts;
  const price = booking.cataloguePriceMinor;
  if (booking.status !== "pending") return "decided";
  if (booking.heldAt !== null) return "held";
  if (price === null) return "unpriced";
  if (service.state !== "active") return "inactive";
  if (!service.approvesItself) return "switched_off";
  if (booking.autoApproveAt === null) return "by_hand";
  if (service.priceMinor !== price) return "price_changed";
  if (blockedAt !== null) return "blocked";
  return limitMinor !== null && price > limitMinor ? "over_limit" : null;
}

/**
 * The same question to the database, about the row of `service_bookings` that the statement is at: asked again
 * by the very batch that approves, and by whatever may change the answer. A test compares the two.
 */
export const whyNot: SQL<Reason | null> = sql`case
  when service_bookings.status <> 'pending' then 'decided'
  when service_bookings.held_at is not null then 'held'
  when service_bookings.catalogue_price_minor is null then 'unpriced'
  else (select case
    when services.state <> 'active' then 'inactive'
    when not services.approves_itself then 'switched_off'
    when service_bookings.auto_approve_at is null then 'by_hand'
    when services.price_minor is not service_bookings.catalogue_price_minor then 'price_changed'
    when users.blocked_at is not null then 'blocked'
    when service_bookings.catalogue_price_minor > ${approvalLimit} then 'over_limit' end
    from services, users
    where services.id = service_bookings.service_id and users.id = service_bookings.user_id)
  end`;

/** That the clock may approve all of these bookings, as a condition of the batch that does it. */
export const stillApproves = (bookings: Booking[]): SQL =>
  sql`(select count(*) = ${bookings.length} from service_bookings
    where service_bookings.id in ${bookings.map(({ id }) => id)} and ${whyNot} is null)`;
