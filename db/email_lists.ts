import { and, asc, eq } from "drizzle-orm";
import type { Db } from "./client.ts";
import type { Email } from "./emails.ts";
import { emailNotifications, serviceBookings } from "./schema.ts";
import { seenBy, type Viewer } from "./viewers.ts";

/** The mails of one booking that `viewer` may see, to the client and to admins, oldest first. */
export async function listEmailsOf(db: Db, viewer: Viewer, reference: string): Promise<Email[]> {
  const rows = await db.select({ email: emailNotifications }).from(serviceBookings)
    .innerJoin(emailNotifications, eq(emailNotifications.bookingId, serviceBookings.id))
    .where(and(eq(serviceBookings.reference, reference), seenBy(viewer)))
    .orderBy(asc(emailNotifications.id)).limit(50);
  return rows.map((row) => row.email);
}
