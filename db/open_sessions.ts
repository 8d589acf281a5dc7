import { and, desc, eq, gt, ne, sql } from "drizzle-orm";
import { audited } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { sessions } from "./schema.ts";
import type { Person } from "./sessions.ts";

export type Owner = Pick<Person, "kind" | "id">;
export type OpenSession = { id: string; userAgent: string | null; createdAt: number };

/** How the audit log calls somebody. */
export const subjectOf = ({ kind, id }: Owner) => `${kind} ${id}`;
export const ownedBy = ({ kind, id }: Owner) =>
  eq(kind === "client" ? sessions.userId : sessions.adminId, id);

/** The sessions of one person that have not come to their end, the newest first. */
export async function listSessions(db: Db, owner: Owner, now: number): Promise<OpenSession[]> {
  const { id, userAgent, createdAt } = sessions;
  return await db.select({ id, userAgent, createdAt }).from(sessions)
    .where(and(ownedBy(owner), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt), desc(sql`rowid`));
}

/** Ends the session in which `person` is; from then on its cookie opens nothing. */
export async function signOut(db: Db, person: Person, now: number) {
  await commit(db, [
    db.delete(sessions).where(eq(sessions.id, person.sessionId)),
    audited(db, { actor: person, now }, { action: "sign_out", subject: subjectOf(person) }),
  ]);
}

/** Ends one other session of `person`'s, or without `session` all others. */
export async function endSessions(db: Db, person: Person, end: { session?: string; now: number }) {
  const which = end.session ? eq(sessions.id, end.session) : ne(sessions.id, person.sessionId);
  const action = end.session ? "session_ended" : "other_sessions_ended";
  await commit(db, [
    db.delete(sessions).where(and(ownedBy(person), which)),
    audited(db, { actor: person, now: end.now }, { action, subject: subjectOf(person) }),
  ]);
}
