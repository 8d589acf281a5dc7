import { and, eq, isNotNull } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import type { Booking, Change } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import type { Payment } from "./payments.ts";
import { Problem } from "./problem.ts";
import { payments } from "./schema.ts";

/**
 * The provider has decided a dispute: the payment needs nobody any more, and its money can be sent back again.
 * Throws `conflict` where it is not disputed.
 */
export async function endDispute(
  db: Db,
  { payment, booking }: { payment: Payment; booking: Booking },
  by: Change & { note: string },
) {
  const { disputedAt } = payment;
  const [rows] = await commit(db, [
    db.update(payments).set({ disputedAt: null, updatedAt: by.now })
      .where(and(eq(payments.id, payment.id), isNotNull(payments.disputedAt))),
    auditedIfDone(by, {
      action: "payment.end_dispute",
      subject: booking.reference,
      before: { payment: payment.id, disputedAt },
      after: { payment: payment.id, reason: by.note },
    }),
  ]);
  if (rows !== 1) throw new Problem("conflict", "This payment is not disputed, or not any more.");
}
