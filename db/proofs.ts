import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Admin } from "./admins.ts";
import { audited } from "./audit.ts";
import type { Actor } from "./booking_moves.ts";
import { commit, type Db, isEmpty, type Statement } from "./client.ts";
import { readRecoveryCode } from "./one_time_codes.ts";
import { Problem } from "./problem.ts";
import { admins, recoveryCodes, sessions } from "./schema.ts";
import { hashToken } from "./tokens.ts";

/** An admin who gave a code, and the hash of it if it is an unused recovery code of theirs. */
export type Prover = { admin: Admin; recovery: string | null };

/** The active admin with this id, and whether `typed` is a recovery code of theirs. */
export async function findProver(db: Db, id: number, typed: string): Promise<Prover | undefined> {
  const code = readRecoveryCode(typed);
  const hash = code ? await hashToken(code) : "";
  return await db.select({ admin: admins, recovery: recoveryCodes.hash }).from(admins)
    .leftJoin(
      recoveryCodes,
      and(
        eq(recoveryCodes.adminId, admins.id),
        eq(recoveryCodes.hash, hash),
        isNull(recoveryCodes.usedAt),
      ),
    ).where(and(eq(admins.id, id), isNull(admins.deactivatedAt))).get();
}

/** The write before an admin's session that a password alone opens: it fails if a code is asked for by now. */
export const withoutFactor = (db: Db, adminId: number): Statement[] => [
  onlyIf(db, adminId, sql`totp_confirmed_at is null`),
];

/** The writes that use up the code of `step`: their batch writes nothing if it was used meanwhile. */
export const useStep = (db: Db, adminId: number, step: number): Statement[] => [
  onlyIf(db, adminId, sql`totp_confirmed_at is not null and coalesce(totp_step, 0) < ${step}`),
  db.update(admins).set({ totpStep: step }).where(eq(admins.id, adminId)),
];

/** The writes that use up a recovery code: their batch writes nothing if it was used meanwhile. */
export const useRecoveryCode = (
  db: Db,
  adminId: number,
  of: { hash: string; now: number },
): Statement[] => [
  onlyIf(
    db,
    adminId,
    sql`totp_confirmed_at is not null and exists (select 1 from recovery_codes
      where hash = ${of.hash} and admin_id = admins.id and used_at is null)`,
  ),
  db.update(recoveryCodes).set({ usedAt: of.now }).where(eq(recoveryCodes.hash, of.hash)),
];

/** Notes in a session that its owner has proven now who they are; `uses` is what they proved it with. */
export async function proveSession(
  db: Db,
  sessionId: string,
  proof: { actor: Actor; now: number; uses: Statement[] },
) {
  const { actor, now, uses } = proof;
  await commitIfStill(db, [
    ...uses,
    db.update(sessions).set({ provenAt: now }).where(eq(sessions.id, sessionId)),
    audited(db, proof, { action: "identity_confirmed", subject: `${actor.kind} ${actor.id}` }),
  ]);
}

/** A write that fails, and its whole batch with it, unless `condition` holds for the active admin. */
export const onlyIf = (db: Db, adminId: number, condition: SQL): Statement =>
  db.update(admins)
    .set({ name: sql`case when deactivated_at is null and ${condition} then name end` })
    .where(eq(admins.id, adminId));

/** Commits a batch with `onlyIf` in it. Throws `conflict` when its condition no longer holds. */
export async function commitIfStill(db: Db, statements: Statement[]): Promise<number[]> {
  try {
    return await commit(db, statements);
  } catch (error) {
    if (!isEmpty(error, "admins.name")) throw error;
    throw new Problem("conflict", "This has changed a moment ago. Look at it again.");
  }
}
