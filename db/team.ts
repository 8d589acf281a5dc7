import { and, asc, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { auditedIfDone, type By } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { admins, type AuditFacts, type Role } from "./schema.ts";

export type Member = Pick<
  typeof admins.$inferSelect,
  "id" | "name" | "email" | "role" | "totpConfirmedAt" | "deactivatedAt" | "createdAt"
>;

const { id, name, email, role, totpConfirmedAt, deactivatedAt, createdAt } = admins;
const columns = { id, name, email, role, totpConfirmedAt, deactivatedAt, createdAt };

export const memberStates = ["active", "deactivated"] as const;
export type MemberFilter = { role?: Role; state?: typeof memberStates[number] };

/** Everyone who works here, then those who did; `wanted` narrows it. */
export async function listMembers(db: Db, wanted: MemberFilter): Promise<Member[]> {
  const states = { active: isNull(deactivatedAt), deactivated: isNotNull(deactivatedAt) };
  return await db.select(columns).from(admins)
    .where(and(wanted.role && eq(role, wanted.role), wanted.state && states[wanted.state]))
    .orderBy(sql`${deactivatedAt} is not null`, asc(name), asc(id));
}

/** One of the team. Throws `not_found`. */
export async function findMember(db: Db, memberId: number): Promise<Member> {
  const member = await db.select(columns).from(admins).where(eq(id, memberId)).get();
  if (!member) throw notFound();
  return member;
}

/** Asked by the very statement that would take an owner away, so that two at once cannot take the last two. */
const leavesAnOwner = sql`(${role} <> 'owner' or ${deactivatedAt} is not null or exists (
  select 1 from admins other
  where other.id <> ${id} and other.role = 'owner' and other.deactivated_at is null))`;

/** Gives a member another role and ends their sessions. Throws `conflict` for the last owner. */
export async function changeRole(db: Db, member: Member, by: By & { role: Role }) {
  if (member.role === by.role) return;
  await change(db, member, {
    ...{ by, action: "team.role", set: { role: by.role } },
    only: and(eq(role, member.role), by.role === "owner" ? undefined : leavesAnOwner),
    ...{ before: { role: member.role }, after: { role: by.role } },
  });
}

/** Shuts a member out at once, wherever they are signed in. Throws `conflict` for the last owner. */
export async function deactivate(db: Db, member: Member, by: By) {
  await change(db, member, {
    ...{ by, action: "team.deactivate", set: { deactivatedAt: by.now } },
    only: and(isNull(deactivatedAt), leavesAnOwner),
  });
}

/** Lets a member sign in again. */
export async function reactivate(db: Db, member: Member, by: By) {
  const set = { deactivatedAt: null };
  await change(db, member, { by, action: "team.reactivate", set, only: isNotNull(deactivatedAt) });
}

type Step = {
  by: By;
  action: string;
  set: Partial<Member>;
  only: SQL | undefined;
  before?: AuditFacts;
  after?: AuditFacts;
};

/** Changes a member if `only` still holds: then it is in the log, and their sessions end. */
async function change(db: Db, member: Member, { by, set, only, ...entry }: Step) {
  const [rows] = await commit(db, [
    db.update(admins).set(set).where(and(eq(id, member.id), only)),
    auditedIfDone(by, { ...entry, subject: subjectOf(member) }),
    { sql: "delete from sessions where admin_id = ? and changes() > 0", args: [member.id] },
  ]);
  if (rows === 1) return;
  throw new Problem("conflict", "One owner must stay, or this member has changed meanwhile.");
}

/** Ends every session of a member. */
export async function endSessionsOf(db: Db, member: Member, by: By) {
  await commit(db, [
    { sql: "delete from sessions where admin_id = ?", args: [member.id] },
    auditedIfDone(by, { action: "team.end_sessions", subject: subjectOf(member) }),
  ]);
}

const subjectOf = (member: Member) => `admin ${member.id}`;
