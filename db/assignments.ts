import { asc, isNull } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { type Booking, giveTo } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { factsOf } from "./emails.ts";
import { Problem } from "./problem.ts";
import { admins } from "./schema.ts";

export type Colleague = Pick<typeof admins.$inferSelect, "id" | "name" | "role">;

/** Whom a booking may be given to: all who work here, by name. */
export async function listColleagues(db: Db): Promise<Colleague[]> {
  const { id, name, role, deactivatedAt } = admins;
  return await db.select({ id, name, role }).from(admins).where(isNull(deactivatedAt))
    .orderBy(asc(name), asc(id));
}

/** Says who looks after `booking`, null for nobody in particular, and mails whoever is given it by another. Throws `invalid` for whoever does not work here. */
export async function assignBooking(
  db: Db,
  booking: Booking,
  to: By & { adminId: number | null },
) {
  const [, rows] = await commit(db, [
    mailToNext(booking, to),
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

/** Before the booking is theirs: so whoever has it already is not told again. */
function mailToNext(
  booking: Booking,
  { adminId, actor, now }: By & { adminId: number | null },
): Statement {
  const params = { ...factsOf(booking), clientName: booking.clientName };
  return {
    sql: `insert into email_notifications (key, booking_id, template, recipient_name,
        recipient_email, params, next_try_at, created_at)
      select ?, b.id, 'booking_assigned', a.name, a.email, ?, ?, ?
      from admins a join service_bookings b on b.id = ?
      where a.id = ? and a.id <> ? and a.deactivated_at is null and b.assigned_to is not a.id
      on conflict (key) do nothing`,
    args: [
      ...[`${booking.reference}.booking_assigned.${adminId}.${now}`, JSON.stringify(params)],
      ...[now, now, booking.id, adminId, actor.id ?? 0],
    ],
  };
}
