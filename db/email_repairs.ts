import { and, eq, gt, inArray, isNull, like, lte, ne, type SQL, sql } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { cameBack } from "./bounces.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { emailNotifications, type EmailStatus, suppressedAddresses } from "./schema.ts";
import { address, isSuppressed } from "./suppressions.ts";

const waiting: EmailStatus[] = ["failed", "dead"];

/**
 * Puts a failed or dead mail back into the queue, with all its tries; that a server refused its address holds it
 * back no longer. Throws `not_found`, and `conflict` if it is on its way, has left, or its address takes no mail of
 * ours. Never an invitation: whoever may invite does it again, and so replaces the one that did not arrive.
 */
export async function retryEmail(db: Db, id: number, by: By) {
  const mail = and(eq(emailNotifications.id, id), inArray(emailNotifications.status, waiting));
  const [, rows] = await commit(db, [
    forgetRefusal(db, mail),
    queueAgain(db, mail, by.now),
    auditedIfDone(by, { action: "email.retry", subject: `email ${id}` }),
  ]);
  if (rows !== 1) await refuseRetry(db, id);
}

/** Lets mail go again to where the mail `which` goes, if only its server stopped that: it says so again, or not. */
const forgetRefusal = (db: Db, which: SQL | undefined): Statement =>
  db.delete(suppressedAddresses).where(and(
    like(suppressedAddresses.reason, "refused-%"),
    inArray(
      suppressedAddresses.email,
      db.select({ email: address }).from(emailNotifications).where(which),
    ),
  ));

const queueAgain = (db: Db, which: SQL | undefined, now: number) =>
  db.update(emailNotifications)
    .set({ status: "queued", nextTryAt: now, attempts: 0, dismissedAt: null })
    .where(and(
      which,
      ne(emailNotifications.template, "admin_invitation"),
      sql`not ${isSuppressed} and not ${cameBack}`,
    ));

/**
 * Does the same with all mails of one of these states up to the id `upTo` that can go and that nobody has set
 * aside, as after an outage of the mail server. Returns how many.
 */
export async function retryEmails(
  db: Db,
  { status, upTo }: { status: "failed" | "dead"; upTo: number },
  by: By,
): Promise<number> {
  const { id, status: state, dismissedAt } = emailNotifications;
  const [rows = 0] = await commit(db, [
    queueAgain(db, and(eq(state, status), lte(id, upTo), isNull(dismissedAt)), by.now),
    auditedIfDone(by, { action: "email.retry", subject: `${status} emails up to ${upTo}` }),
  ]);
  return rows;
}

/** Tries of a mail that a start may bring forward: one that starts over and over uses up no mail's ten. */
const EARLY = 3;

/**
 * Mails that found no server are due at `now`, in their first tries: whoever starts finds the post as it is then,
 * and with the settings of then.
 */
export async function hurryEmails(db: Db, now: number) {
  const { status, nextTryAt, attempts, lastError } = emailNotifications;
  await db.update(emailNotifications).set({ nextTryAt: now }).where(and(
    eq(status, "failed"),
    gt(nextTryAt, now),
    lte(attempts, EARLY),
    inArray(lastError, ["unreachable", "timeout", "untrusted", "sign-in-refused"]),
  ));
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
