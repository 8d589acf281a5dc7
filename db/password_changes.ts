import { and, eq, isNull, ne } from "drizzle-orm";
import { accountChanged, keyOf } from "./account_mails.ts";
import { audited } from "./audit.ts";
import { commit, type Db, isEmpty, type Statement } from "./client.ts";
import { ownedBy, type Owner, subjectOf } from "./open_sessions.ts";
import { Problem } from "./problem.ts";
import { admins, oneTimeTokens, sessions, users } from "./schema.ts";
import type { Person } from "./sessions.ts";

/** The stored hash of somebody's password. */
export async function findPasswordHash(db: Db, { kind, id }: Owner): Promise<string | null> {
  const people = kind === "client" ? users : admins;
  const row = await db.select({ hash: people.passwordHash }).from(people).where(eq(people.id, id))
    .get();
  return row?.hash ?? null;
}

/** Keeps that somebody in this session did not know its password. */
export async function recordRefusal(db: Db, person: Person, now: number) {
  await commit(db, [
    audited(db, { actor: person, now }, {
      action: "password_refused",
      subject: subjectOf(person),
    }),
  ]);
}

type Hashes = { from: string | null; to: string };

/**
 * Changes the password of `person`, who goes on in `sessionId`; every other session ends and no older link opens
 * anything. Throws `conflict` when the password is not `from` any more.
 */
export async function changePassword(
  db: Db,
  person: Person,
  change: Hashes & { sessionId: string; now: number },
) {
  const { sessionId, now } = change;
  const staff = person.kind === "admin" ? 1 : 0;
  const mail = { template: "password_reset" as const, params: { change: "done", staff } };
  const key = `password_changed.${now}.${keyOf(person.email)}`;
  await changeOrRefuse(db, [
    swapHash(person, change),
    db.update(sessions).set({ id: sessionId, ...provenWith(person, now) })
      .where(eq(sessions.id, person.sessionId)),
    db.delete(sessions).where(and(ownedBy(person), ne(sessions.id, sessionId))),
    ...(person.kind === "client" ? [forgetLinks(db, person.id)] : []),
    accountChanged(db, person, { ...mail, key, now }),
    audited(db, { actor: person, now }, {
      action: "password_changed",
      subject: subjectOf(person),
    }),
  ]);
}

/** A password alone proves nothing new where a second factor is in force. */
const provenWith = (person: Person, now: number) =>
  person.kind === "admin" && person.secondFactor ? {} : { provenAt: now };

/** Leaves the name empty, which no row may be, where the password is another one: then all is undone. */
const swapHash = ({ kind, id }: Owner, { from, to }: Hashes): Statement => ({
  sql: `update ${kind === "client" ? "users" : "admins"}
    set password_hash = ?, name = case when password_hash is ? then name end where id = ?`,
  args: [to, from, id],
});

const forgetLinks = (db: Db, userId: number) =>
  db.delete(oneTimeTokens).where(
    and(eq(oneTimeTokens.userId, userId), isNull(oneTimeTokens.usedBy)),
  );

async function changeOrRefuse(db: Db, statements: Statement[]) {
  try {
    await commit(db, statements);
  } catch (error) {
    if (!isEmpty(error, "users.name") && !isEmpty(error, "admins.name")) throw error;
    const words = "Your password was changed a moment ago. Sign in with the new one.";
    throw new Problem("conflict", words);
  }
}

/** Stores a password that was proven a moment ago under a new hash, if it is still `from`. */
export const rehashed = ({ kind, id }: Owner, { from, to }: Hashes): Statement => ({
  sql: `update ${kind === "client" ? "users" : "admins"} set password_hash = ?
    where id = ? and password_hash = ?`,
  args: [to, id, from],
});
