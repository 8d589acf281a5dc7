import { and, eq, exists, gt, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { accountChanged } from "./account_mails.ts";
import { audited } from "./audit.ts";
import type { Origin } from "./booking_moves.ts";
import { commit, type Db, isEmpty, isUnique, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { oneTimeTokens, users } from "./schema.ts";
import type { Person } from "./sessions.ts";
import { hashToken, live, randomToken, type Token, usedUp, useToken } from "./tokens.ts";
import type { User } from "./users.ts";

/** A link that confirms a change of address, one of two, and whether the other one is confirmed already. */
export type EmailChange = { token: Token; user: User; email: string; other: boolean };

const template = "email_verification";
/** Within this time, in milliseconds, asking again for the same change mails nothing new. */
const ONCE_PER = 10 * 60_000;
const ofChange = sql`${oneTimeTokens.purpose} in ('email_old', 'email_new')`;

/**
 * Mails a link to the present and to the new address of a client; the address changes when both were confirmed.
 * Whether the new one has an account already shows nowhere but in the mail that goes there.
 */
export async function askForEmailChange(
  db: Db,
  person: Person & { kind: "client" },
  ask: { email: string; now: number },
) {
  const { email, now } = ask;
  const { id, name } = person;
  const mark = (await hashToken(`${id} ${email}`)).slice(0, 16);
  const letter = (change: "old" | "new", to: string) =>
    accountChanged(db, { name, email: to }, {
      ...{ template, now, params: { change, userId: id, newEmail: email } },
      key: `email_${change}.${Math.floor(now / ONCE_PER)}.${mark}`,
    });
  await commit(db, [
    db.update(oneTimeTokens).set({ expiresAt: now })
      .where(and(eq(oneTimeTokens.userId, id), ofChange, ne(oneTimeTokens.email, email))),
    letter("old", person.email),
    letter("new", email),
    audited(db, { actor: person, now }, { action: "email_change_asked", subject: `client ${id}` }),
  ]);
}

/** The change behind a link, in one read. Throws `not_found`, or `gone` for a link used or too old. */
export async function findEmailChange(db: Db, link: string, now: number): Promise<EmailChange> {
  const other = alias(oneTimeTokens, "other");
  const sibling = db.select({ one: sql`1` }).from(other).where(and(
    eq(other.userId, oneTimeTokens.userId),
    eq(other.email, oneTimeTokens.email),
    ne(other.purpose, oneTimeTokens.purpose),
    isNotNull(other.usedBy),
    gt(other.expiresAt, now),
    sql`${other.purpose} in ('email_old', 'email_new')`,
  ));
  const found = await db
    .select({ token: oneTimeTokens, user: users, other: sql<number>`${exists(sibling)}` })
    .from(oneTimeTokens).innerJoin(users, eq(users.id, oneTimeTokens.userId))
    .where(
      and(eq(oneTimeTokens.hash, await hashToken(link)), ofChange, isNull(users.deactivatedAt)),
    )
    .get();
  if (!found) throw notFound();
  const token = live(found.token, now);
  return { ...found, email: token.email ?? "", other: found.other === 1 };
}

/**
 * Confirms one of the two addresses; with the second the account has the new one. Returns which of both
 * happened. Throws as `findEmailChange` does, and `conflict` when the address has an account meanwhile.
 */
export async function confirmEmailChange(
  db: Db,
  first: EmailChange,
  at: At & { link: string },
): Promise<{ email: string; step: "waiting" | "changed" }> {
  const { email } = first;
  if (!first.other && await confirmFirst(db, first.token, at.now)) {
    return { email, step: "waiting" };
  }
  // Not the first after all: the other one was confirmed a moment ago.
  await changeEmail(db, first.other ? first : await findEmailChange(db, at.link, at.now), at);
  return { email, step: "changed" };
}

const confirmed = ({ userId, email, purpose }: Token, now: number) =>
  sql`exists (select 1 from one_time_tokens o where o.user_id = ${userId} and o.email = ${email}
    and o.purpose in ('email_old', 'email_new') and o.purpose <> ${purpose}
    and o.used_by is not null and o.expires_at > ${now})`;

/** Uses the first of the two links up; false when there is nothing to wait for any more. */
async function confirmFirst(db: Db, token: Token, now: number): Promise<boolean> {
  const [used] = await commit(db, [
    db.update(oneTimeTokens).set({ usedBy: randomToken() }).where(
      and(usableNow(token, now), sql`not ${confirmed(token, now)}`),
    ),
  ]);
  return used === 1;
}

const usableNow = ({ hash }: Token, now: number) =>
  and(
    eq(oneTimeTokens.hash, hash),
    isNull(oneTimeTokens.usedBy),
    gt(oneTimeTokens.expiresAt, now),
  );

type At = { now: number; origin: Origin };

async function changeEmail(db: Db, change: EmailChange, at: At) {
  try {
    await commit(db, writesOf(db, change, at));
  } catch (error) {
    if (isEmpty(error, "users.name")) throw usedUp();
    if (!isUnique(error, "users.email")) throw error;
    const taken = "This address has an account already, so nothing was changed. Sign in to that.";
    throw new Problem("conflict", taken);
  }
}

/** The name is left empty, which undoes the whole batch, where the link was used by somebody a moment ago. */
function writesOf(db: Db, { token, user, email }: EmailChange, { now, origin }: At): Statement[] {
  const { id, name } = user;
  const mine = db.select({ one: sql`1` }).from(oneTimeTokens).where(usableNow(token, now));
  const both = sql`exists ${mine} and ${confirmed(token, now)}`;
  const done = (to: string, which: string) =>
    accountChanged(db, { name, email: to }, {
      ...{ template, now, params: { change: "done", newEmail: email } } as const,
      key: `email_changed.${token.hash.slice(0, 16)}.${which}`,
    });
  return [
    db.update(users).set({
      email,
      emailVerifiedAt: now,
      name: sql`case when ${both} then name end`,
    })
      .where(eq(users.id, id)),
    useToken(db, token, { by: randomToken(), now }),
    db.update(oneTimeTokens).set({ expiresAt: now })
      .where(and(eq(oneTimeTokens.userId, id), gt(oneTimeTokens.expiresAt, now))),
    done(user.email, "old"),
    done(email, "new"),
    audited(db, { actor: { kind: "client", id, name, origin }, now }, {
      ...{ action: "email_changed", subject: `client ${id}` },
      ...{ before: { email: user.email }, after: { email } },
    }),
  ];
}
