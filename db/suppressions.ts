import { desc, eq, lt, sql } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { emailNotifications, suppressedAddresses } from "./schema.ts";

/** Why an admin stops mail to an address. */
export const stopReasons = ["asked", "bounced", "complained"] as const;
export type StopReason = typeof stopReasons[number];

/** An address that nothing is sent to any more, and why: a reason above, or an SMTP answer such as `refused-550`. */
export type Suppression = typeof suppressedAddresses.$inferSelect;

/** Where a mail goes, as suppressions name it. */
export const address = sql<string>`lower(${emailNotifications.recipientEmail})`;

/** Whether the mail that a query is at goes to such an address. */
export const isSuppressed = sql<
  boolean
>`exists (select 1 from suppressed_addresses where suppressed_addresses.email = ${address})`
  .mapWith(Boolean);

/** The row that stops mail to an address, for the batch that records the refusal. */
export const suppressed = (
  db: Db,
  email: string,
  why: { reason: string; now: number },
): Statement =>
  db.insert(suppressedAddresses)
    .values({ email: email.toLowerCase(), reason: why.reason, at: why.now })
    .onConflictDoNothing();

/** Sends nothing to `email` from now on: because its owner asked for that, unless `reason` says another. */
export async function suppressAddress(db: Db, email: string, by: By & { reason?: StopReason }) {
  const { reason = "asked", now } = by;
  await commit(db, [
    suppressed(db, email, { reason, now }),
    auditedIfDone(by, { action: "email.suppress", subject: email.toLowerCase() }),
  ]);
}

/** Lets mail go to `email` again. */
export async function allowAddress(db: Db, email: string, by: By) {
  await commit(db, [
    db.delete(suppressedAddresses).where(eq(suppressedAddresses.email, email.toLowerCase())),
    auditedIfDone(by, { action: "email.allow", subject: email.toLowerCase() }),
  ]);
}

/** The addresses that get nothing, the latest first, from before an instant. */
export async function listSuppressions(
  db: Db,
  { before, limit }: { before?: number; limit: number },
): Promise<Suppression[]> {
  return await db.select().from(suppressedAddresses)
    .where(before ? lt(suppressedAddresses.at, before) : undefined)
    .orderBy(desc(suppressedAddresses.at)).limit(limit);
}
