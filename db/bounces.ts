import { and, eq, sql } from "drizzle-orm";
import { commit, type Db } from "./client.ts";
import { emailNotifications } from "./schema.ts";
import { suppressed } from "./suppressions.ts";

/** What became of a mail after its server had taken it. */
export type Bounce = {
  reason: "bounced" | "complained";
  addresses: string[];
  /** Our mail, where the call names it. */
  emailId: number | null;
};

/** A mail that came back was taken once: as the same mail it would be dropped, so it goes again as a copy. */
export const cameBack = sql<boolean>`${emailNotifications.lastError} is 'bounced'`;

/**
 * Sends nothing more to where a mail came back from, or whose owner complained of it; a mail that came back did not
 * arrive. The same again changes nothing.
 */
export async function takeBounce(db: Db, { reason, addresses, emailId }: Bounce, now: number) {
  await commit(db, [
    ...addresses.map((email) => suppressed(db, email, { reason, now })),
    ...(reason === "bounced" && emailId !== null
      ? [
        db.update(emailNotifications).set({ status: "dead", lastError: reason, dismissedAt: null })
          .where(and(eq(emailNotifications.id, emailId), eq(emailNotifications.status, "sent"))),
      ]
      : []),
  ]);
}
