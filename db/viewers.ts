import { eq, or, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { admins, bookingCounts, emailNotifications, serviceBookings } from "./schema.ts";

/** Who looks: what is not theirs is not found. A guest holds the link of one booking. */
export type Viewer =
  | { kind: "client"; id: number }
  | { kind: "admin"; id: number }
  | { kind: "guest"; token: string };

/** The same in a query that is built once for each kind: who it is, is filled in as "viewer". */
export type Looker =
  | { kind: "client" | "admin"; id: number | Placeholder }
  | { kind: "guest"; token: string | Placeholder };

const who = sql.placeholder("viewer");
export const anyClient = { kind: "client", id: who } as const satisfies Looker;
export const anyAdmin = { kind: "admin", id: who } as const satisfies Looker;
export const anyGuest = { kind: "guest", token: who } as const satisfies Looker;

/** What fills "viewer" in. */
export const nameOf = (viewer: Viewer) => viewer.kind === "guest" ? viewer.token : viewer.id;

/**
 * Which bookings `viewer` may see; an agent those that are assigned to them. Of an admin only the id is known
 * before their session is read, so the query itself asks for the role: first, where once is enough.
 */
export function seenBy(viewer: Looker): SQL {
  if (viewer.kind === "guest") return eq(serviceBookings.accessToken, viewer.token);
  if (viewer.kind === "client") return eq(serviceBookings.userId, viewer.id);
  return or(seesAll(viewer.id), eq(serviceBookings.assignedTo, viewer.id)) as SQL;
}

/** Which mails an admin may see; an agent those about the bookings they see, and none about accounts. */
export const mailSeenBy = (viewer: Viewer): SQL =>
  seenThrough(viewer, emailNotifications.bookingId);

/** Which rows `viewer` may see whose `column` names a booking: those of the bookings they see. */
export function seenThrough(viewer: Looker, column: SQLiteColumn): SQL {
  const seen = sql`(select ${serviceBookings.id} from ${serviceBookings} where ${ownOf(viewer)})`;
  const own = sql`${column} in ${seen}`;
  return viewer.kind === "admin" ? or(seesAll(viewer.id), own) as SQL : own;
}

/** Which of the kept counts are of bookings that an admin may see; a count says nothing to others. */
export const countedFor = (viewer: Viewer): SQL =>
  viewer.kind === "admin"
    ? or(seesAll(viewer.id), eq(bookingCounts.assignedTo, viewer.id)) as SQL
    : sql`false`;

const ownOf = (viewer: Looker) =>
  viewer.kind === "admin" ? eq(serviceBookings.assignedTo, viewer.id) : seenBy(viewer);

/** Whether this admin sees what is not of one booking alone. */
export const seesAll = (adminId: number | Placeholder) =>
  sql`exists (select 1 from ${admins} where ${admins.id} = ${adminId} and ${admins.role} <> 'agent')`;
