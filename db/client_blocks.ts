import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { refreshAttention } from "./attention.ts";
import { auditedIfDone, type By } from "./audit.ts";
import type { Booking } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { users } from "./schema.ts";

/** Lets nothing of the client of `booking` approve itself from now on, or lets it again. Twice is once. */
export async function blockClient(
  db: Db,
  { userId, clientEmail }: Booking,
  by: By & { blocked: boolean },
) {
  const { blocked, now } = by;
  const other = blocked ? isNull(users.blockedAt) : isNotNull(users.blockedAt);
  await commit(db, [
    db.update(users).set({ blockedAt: blocked ? now : null }).where(
      and(eq(users.id, userId), other),
    ),
    auditedIfDone(by, {
      action: blocked ? "client.block" : "client.unblock",
      subject: clientEmail,
    }),
    refreshAttention(db, now),
  ]);
}
