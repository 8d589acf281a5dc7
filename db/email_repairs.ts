import { and, eq, inArray, isNull, lte, ne, sql } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { cameBack } from "./bounces.ts";
import { commit, type Db } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { emailNotifications, type EmailStatus } from "./schema.ts";
import { isSuppressed } from "./suppressions.ts";

const waiting: EmailStatus[] = ["failed", "dead"];

/**
 * Puts a failed or dead mail back into the queue, with all its tries. Throws `not_found`, and `conflict` if it
 * is on its way, has left, or its address takes no mail of ours. Never an invitation: whoever may invite does
 * it again, and so replaces the one that did not arrive.
 */
export async function retryEmail(db: Db, id: number, by: By) {
  const [rows] = await commit(db, [
    db.update(emailNotifications)
      .set({ status: "queued", nextTryAt: by.now, attempts: 0, dismissedAt: null })
      .where(and(
        eq(emailNotifications.id, id),
        inArray(emailNotifications.status, waiting),
        ne(emailNotifications.template, "admin_invitation"),
        sql`not ${isSuppressed} and not ${cameBack}`,
      )),
    auditedIfDone(by, { action: "email.retry", subject: `email ${id}` }),
  ]);
  if (rows !== 1) await refuseRetry(db, id);
}

async function refuseRetry(db: Db, id: number) {
  const { status } = emailNotifications;
  const known = await db.select({ status, suppressed: isSuppressed })
    .from(emailNotifications).where(eq(emailNotifications.id, id)).get();
  if (!known) throw notFound();
  if (!known.suppressed || !waiting.includes(known.status)) {
    throw new Problem("conflict", "This mail is not waiting for another try.");
  }
  throw new Problem(
    "conflict",
    "Nothing is sent to this address any more. Allow it again on the mail's page, then try again.",
  );
}

/** An admin has seen the dead mail `id`, or all dead ones up to it: they are no alarm any more. */
export async function dismissDead(
  db: Db,
  mails: { id: number } | { upTo: number },
  by: By,
) {
  const upTo = "upTo" in mails;
  const which = upTo ? lte(emailNotifications.id, mails.upTo) : eq(emailNotifications.id, mails.id);
  await commit(db, [
    db.update(emailNotifications).set({ dismissedAt: by.now })
      .where(
        and(which, eq(emailNotifications.status, "dead"), isNull(emailNotifications.dismissedAt)),
      ),
    auditedIfDone(by, {
      action: "email.dismiss",
      subject: upTo ? `emails up to ${mails.upTo}` : `email ${mails.id}`,
    }),
  ]);
}
