import { sql } from "drizzle-orm";
import { whyNot } from "./auto_approval.ts";
import { noteAttention } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import { placeholders, writeOnce } from "./prepared.ts";
import { serviceBookings } from "./schema.ts";

/** How long a booking that was always for a person waits before it needs attention, in milliseconds. */
export const UNTIL_ATTENTION = 24 * 3_600_000;

/**
 * Notes with each pending booking why the clock cannot answer it. One that had a time promised says so at once;
 * one that was always for a person only when it has waited a day, and a held one then or when its time comes
 * meanwhile. Belongs to every batch that changes an answer, about all or the one with `reference`.
 */
export function refreshAttention(db: Db, now: number, reference?: string): Statement {
  const values = { now, waitedSince: now - UNTIL_ATTENTION };
  return reference ? ofOne(db, { ...values, reference }) : ofAll(db, values);
}

const ofAll = writeOnce((db) => noteAttention(db, why));
const ofOne = writeOnce((db) => noteAttention(db, why, sql.placeholder("reference")));

const { heldAt, autoApproveAt, updatedAt } = serviceBookings;
const { now, waitedSince } = placeholders("now", "waitedSince");
const told = sql`${updatedAt} <= ${waitedSince}
  or case when ${heldAt} is null then ${autoApproveAt} is not null
    else ${autoApproveAt} <= ${now} and ${heldAt} < ${autoApproveAt} end`;
const why = sql<string | null>`case when ${told} then ${whyNot} end`;

/** What was just queued about a booking that cannot approve itself does not promise that it does. */
export const promiseNothing = (reference: string): Statement => ({
  sql: `update email_notifications set params = json_set(params, '$.autoApproveAt', null)
    where booking_id = (select id from service_bookings where reference = ? and attention is not null)`,
  args: [reference],
});
