import { asc, isNull } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import { type Actor, type Booking, giveTo } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { Problem } from "./problem.ts";
import { admins } from "./schema.ts";

export type Colleague = Pick<typeof admins.$inferSelect, "id" | "name" | "role">;

/** Whom a booking may be given to: all who work here, by name. */
export async function listColleagues(db: Db): Promise<Colleague[]> {
  const { id, name, role, deactivatedAt } = admins;
  return await db.select({ id, name, role }).from(admins).where(isNull(deactivatedAt))
    .orderBy(asc(name), asc(id));
}

/** Says who looks after `booking`, null for nobody in particular. Throws `invalid` for whoever does not work here. */
export async function assignBooking(
  db: Db,
  booking: Booking,
  to: { adminId: number | null; actor: Actor; now: number },
) {
  const [rows] = await commit(db, [
    giveTo(db, booking, to.adminId),
    auditedIfDone(to, {
      action: "booking.assign",
      subject: booking.reference,
      before: { assignedTo: booking.assignedTo },
      after: { assignedTo: to.adminId },
    }),
  ]);
  if (rows !== 1) throw new Problem("invalid", "Choose somebody who works here.", "admin");
}
