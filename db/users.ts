import { and, eq, sql } from "drizzle-orm";
import { mailToAccount } from "./account_mails.ts";
import type { Origin } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { oneTimeTokens, sessions, users } from "./schema.ts";
import { sessionLife } from "./sessions.ts";
import { hashToken, live, randomToken, type Token, usedUp, useToken } from "./tokens.ts";

export type User = typeof users.$inferSelect;
type Opening = { sessionId: string; now: number; userAgent?: string; origin?: Origin };

export async function findUserByEmail(db: Db, email: string): Promise<User | undefined> {
  return await db.select().from(users).where(eq(users.email, email)).get();
}

/** A link in a mail and the account it is for, in one read. Throws as `findToken` does. */
export async function findLink(
  db: Db,
  link: string,
  use: { purpose: Token["purpose"]; now: number },
): Promise<{ token: Token; user: User }> {
  const found = await db.select({ token: oneTimeTokens, user: users }).from(oneTimeTokens)
    .innerJoin(users, eq(users.id, oneTimeTokens.userId))
    .where(and(
      eq(oneTimeTokens.hash, await hashToken(link)),
      eq(oneTimeTokens.purpose, use.purpose),
    )).get();
  const token = live(found?.token, use.now);
  return { ...found as { user: User }, token };
}

/**
 * Takes a new account that nobody can sign in to before its address is confirmed, or leaves the one that has
 * the address as it is. Either way its owner gets a mail that leads them in, and whoever asked learns nothing.
 */
export async function register(
  db: Db,
  person: { name: string; email: string; passwordHash: string },
  found: { known: User | undefined; now: number },
) {
  const { email } = person;
  const { known, now } = found;
  const template = known
    ? (isClaimed(known) ? "password_reset" : "account_claim")
    : "email_verification";
  const { name } = known ?? person;
  await commit(db, [
    db.insert(users).values({ ...person, createdAt: now }).onConflictDoNothing(),
    mailToAccount(db, { name, email }, { template, now }),
  ]);
}

/** Whether the account's owner has proven the address and chosen a password. */
export const isClaimed = (user: Pick<User, "passwordHash" | "emailVerifiedAt">) =>
  user.passwordHash !== null && user.emailVerifiedAt !== null;

/** Confirms the address behind `token` and opens `sessionId`. Throws `gone` when it was used a moment ago. */
export async function confirmEmail(db: Db, token: Token, to: Opening) {
  const by = randomToken();
  const [used] = await commit(db, [
    useToken(db, token, { by, now: to.now }),
    db.update(users).set({ emailVerifiedAt: to.now }).where(
      sql`${users.id} = ${token.userId} and ${usedNow(by)}`,
    ),
    sessionOf({ ...to, by }),
    recordOf("address_confirmed", { ...to, by }),
  ]);
  if (used !== 1) throw usedUp();
}

/**
 * Sets the password of the account behind `token`, whose mail proves the address, ends its sessions and its
 * other links, and opens `sessionId`. Throws `gone` when the token was used a moment ago.
 */
export async function choosePassword(
  db: Db,
  token: Token,
  claim: Opening & { passwordHash: string },
) {
  const by = randomToken();
  const mine = usedNow(by);
  const { now, passwordHash } = claim;
  const [used] = await commit(db, [
    useToken(db, token, { by, now }),
    db.update(users).set({ passwordHash, emailVerifiedAt: now })
      .where(sql`${users.id} = ${token.userId} and ${mine}`),
    db.delete(sessions).where(sql`${sessions.userId} = ${token.userId} and ${mine}`),
    db.delete(oneTimeTokens)
      .where(sql`${oneTimeTokens.userId} = ${token.userId} and used_by is null and ${mine}`),
    sessionOf({ ...claim, by }),
    recordOf("password_chosen", { ...claim, by }),
  ]);
  if (used !== 1) throw usedUp();
}

const usedNow = (by: string) =>
  sql`exists (select 1 from one_time_tokens used where used.used_by = ${by})`;

const sessionOf = ({ sessionId, now, userAgent, by }: Opening & { by: string }) => ({
  sql: `insert into sessions (id, user_id, user_agent, created_at, proven_at, expires_at)
    select ?, user_id, ?, ?, ?, ? from one_time_tokens where used_by = ?`,
  args: [sessionId, userAgent?.slice(0, 200) ?? null, now, now, now + sessionLife.client, by],
});

const recordOf = (action: string, { now, origin, by }: Opening & { by: string }) => ({
  sql: `insert into audit_log
      (at, actor_kind, actor_id, actor_name, action, subject, request_id, address_hash)
    select ?, 'client', users.id, users.name, ?, 'client ' || users.id, ?, ?
    from users join one_time_tokens used on used.user_id = users.id where used.used_by = ?`,
  args: [now, action, origin?.requestId ?? null, origin?.addressHash ?? null, by],
});
