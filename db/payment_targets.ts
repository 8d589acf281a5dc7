import { and, type Column, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { PaymentFile } from "./payment_lists.ts";
import { Problem } from "./problem.ts";
import { readReference } from "./reference.ts";
import { type PaymentMethod, payments, serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

/** The attempt of a booking by one method that waits for its money; where none does, the last one. */
export const lastOf = (method: PaymentMethod, bookingId: Column): SQL =>
  sql`${payments.id} = (select t.id from payments t where t.booking_id = ${bookingId}
    and t.method = ${method} order by t.status in ('created', 'open', 'processing', 'under_review') desc,
    t.created_at desc limit 1)`;

/**
 * The attempt that money is meant for, whose booking's reference an admin typed. Throws `invalid` on `reference`
 * where there is no such booking, or none that was to be paid this way.
 */
export async function findTarget(
  db: Db,
  viewer: Viewer,
  of: { typed: string; method: PaymentMethod },
): Promise<PaymentFile> {
  const reference = readReference(of.typed);
  const found = reference === null
    ? undefined
    : await db.select({ booking: serviceBookings, payment: payments }).from(serviceBookings)
      .leftJoin(payments, lastOf(of.method, serviceBookings.id))
      .where(and(eq(serviceBookings.reference, reference), seenBy(viewer))).get();
  if (!found) throw new Problem("invalid", "There is no booking with this reference.", "reference");
  const { booking, payment } = found;
  if (payment) return { booking, payment };
  throw new Problem(
    "invalid",
    "This booking was never to be paid this way. Record the payment on its page instead.",
    "reference",
  );
}
