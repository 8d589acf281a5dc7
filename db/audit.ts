import { and, desc, eq, gte, lt } from "drizzle-orm";
import type { Actor } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import { type AuditFacts, auditLog } from "./schema.ts";

export type AuditEntry = typeof auditLog.$inferSelect;
type Entry = { action: string; subject: string; before?: AuditFacts; after?: AuditFacts };
/** Who acts, and when. */
export type By = { actor: Actor; now: number };

/** The row that says who did this, for the batch that does it: neither is there without the other. */
export function audited(db: Db, by: By, entry: Entry): Statement {
  const { actor, now } = by;
  return db.insert(auditLog).values({
    ...entry,
    at: now,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    requestId: actor.origin?.requestId,
    addressHash: actor.origin?.addressHash,
  });
}

/** The same, but only where the statement before it in the batch changed something. */
export function auditedIfDone({ actor, now }: By, entry: Entry): Statement {
  const { action, subject, before, after } = entry;
  const facts = [before, after].map((facts) => facts ? JSON.stringify(facts) : null);
  const { requestId = null, addressHash = null } = actor.origin ?? {};
  return {
    sql: `insert into audit_log (at, actor_kind, actor_id, actor_name, action, subject, "before",
      "after", request_id, address_hash) select ?, ?, ?, ?, ?, ?, ?, ?, ?, ? where changes() > 0`,
    args: [
      ...[now, actor.kind, actor.id, actor.name, action, subject],
      ...[...facts, requestId, addressHash],
    ],
  };
}

export type AuditFilter = {
  /** One action, or all of a kind where it ends with a dot: "booking." */
  action?: string;
  subject?: string;
  actor?: { kind: Actor["kind"]; id: number };
  before?: number;
  limit: number;
};

/** A range, so that the index gives a whole kind. */
const named = (action: string) =>
  action.endsWith(".")
    ? and(gte(auditLog.action, action), lt(auditLog.action, `${action}~`))
    : eq(auditLog.action, action);

/** The latest entries, newest first, from before an id. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  const { action, subject, actor, before, limit } = filter;
  return await db.select().from(auditLog).where(and(
    action ? named(action) : undefined,
    subject ? eq(auditLog.subject, subject) : undefined,
    actor && and(eq(auditLog.actorKind, actor.kind), eq(auditLog.actorId, actor.id)),
    before ? lt(auditLog.id, before) : undefined,
  )).orderBy(desc(auditLog.id)).limit(limit);
}
