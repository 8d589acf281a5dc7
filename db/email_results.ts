import { and, eq } from "drizzle-orm";
import { commit, type Db, type Statement } from "./client.ts";
import type { DueEmail } from "./email_claims.ts";
import type { Email } from "./emails.ts";
import { emailAttempts, emailBodies, emailNotifications } from "./schema.ts";
import { suppressed } from "./suppressions.ts";

/** A mail as it is kept: without its one-time links. */
export type Letter = { subject: string; text: string; html: string };

const MINUTE = 60_000;
const MAX_ATTEMPTS = 10;

/** Records that a mail has left. */
export async function markSent(
  db: Db,
  due: DueEmail,
  { now, ...letter }: Letter & { now: number },
) {
  await commit(db, [
    whileHeld(db, due, { status: "sent", subject: letter.subject, sentAt: now, lastError: null }),
    tried(db, due, null),
    kept(db, due, { ...letter, at: now }),
  ]);
}

/** Keeps what a mail said that left long ago. */
export async function keepLetter(db: Db, due: DueEmail, letter: Letter) {
  const { id, createdAt: at } = due.email;
  await commit(db, [
    db.update(emailNotifications).set({ subject: letter.subject })
      .where(eq(emailNotifications.id, id)),
    kept(db, due, { ...letter, at }),
  ]);
}

type Failure = {
  /** Why, in one word. */
  error: string;
  /** Trying again cannot help. */
  permanent: boolean;
  /** There is no such mailbox: nothing is sent there any more. */
  noMailbox?: boolean;
  /** Nobody needs to look at it. */
  calm?: boolean;
  letter?: Letter;
  now: number;
};

/** Records why a mail did not leave: tried again later, or `dead` when trying again cannot help. */
export async function markFailed(db: Db, due: DueEmail, failure: Failure) {
  const { email } = due;
  const { error, now, letter } = failure;
  const dead = failure.permanent || email.attempts >= MAX_ATTEMPTS;
  await commit(db, [
    whileHeld(db, due, {
      ...{ status: dead ? "dead" : "failed", lastError: error },
      dismissedAt: failure.calm ? now : null,
      ...{ subject: letter?.subject ?? email.subject, nextTryAt: now + waitAfter(email) },
    }),
    tried(db, due, error),
    ...(letter ? [kept(db, due, { ...letter, at: now })] : []),
    ...(failure.noMailbox ? [suppressed(db, email.recipientEmail, { reason: error, now })] : []),
  ]);
}

/** Lets a mail wait until `at` as if it had not been tried. */
export async function postponeEmail(db: Db, due: DueEmail, at: number) {
  const attempts = due.email.attempts - 1;
  await commit(db, [
    whileHeld(db, due, { status: "queued", nextTryAt: at, attempts }),
    db.delete(emailAttempts).where(eq(emailAttempts.id, due.attemptId)),
  ]);
}

/**
 * Milliseconds until the next try: three times as long after each, from one minute to six hours, and up to a
 * third less by the mail's own number, so that what failed together does not come back together.
 */
export function waitAfter({ id, attempts }: Pick<Email, "id" | "attempts">): number {
  const longest = Math.min(1.5 * 3 ** (attempts - 1), 360) * MINUTE;
  const share = (Math.imul(id * 31 + attempts, 0x9e3779b1) >>> 0) / 2 ** 32;
  return Math.round(longest * (1 - share / 3));
}

/** Changes nothing when another sender has taken the mail over meanwhile, or it was decided. */
const whileHeld = (db: Db, { email }: DueEmail, set: Partial<Email>): Statement =>
  db.update(emailNotifications).set({ ...set, leaseToken: null, leaseUntil: null }).where(and(
    eq(emailNotifications.id, email.id),
    eq(emailNotifications.status, "sending"),
    eq(emailNotifications.leaseToken, email.leaseToken ?? ""),
  ));

const tried = (db: Db, { attemptId }: DueEmail, error: string | null): Statement =>
  db.update(emailAttempts).set({ error }).where(eq(emailAttempts.id, attemptId));

function kept(db: Db, { email }: DueEmail, { text, html, at }: Letter & { at: number }): Statement {
  const body = { text, html, at };
  return db.insert(emailBodies).values({ emailId: email.id, ...body })
    .onConflictDoUpdate({ target: emailBodies.emailId, set: body });
}
