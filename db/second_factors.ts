import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import { mailWhom } from "./account_mails.ts";
import { audited, type By } from "./audit.ts";
import type { Db, Statement } from "./client.ts";
import { newRecoveryCodes } from "./one_time_codes.ts";
import { commitIfStill, onlyIf } from "./proofs.ts";
import { admins, recoveryCodes, sessions } from "./schema.ts";
import { factorRequired } from "./settings.ts";
import { hashToken } from "./tokens.ts";

/** The seed of an admin, sealed, since when it is in force, how many recovery codes are left, and if all need one. */
export async function readFactor(db: Db, adminId: number) {
  const unused = db.select({ n: count() }).from(recoveryCodes)
    .where(and(eq(recoveryCodes.adminId, adminId), isNull(recoveryCodes.usedAt)));
  const columns = { seed: admins.totpSeed, since: admins.totpConfirmedAt };
  const more = { codesLeft: sql<number>`(${unused})`, required: factorRequired };
  const row = await db.select({ ...columns, ...more }).from(admins)
    .where(eq(admins.id, adminId)).get();
  const { seed = null, since = null, codesLeft = 0, required } = row ?? {};
  return { seed, since, codesLeft, required: required === 1 };
}

/** Keeps a seed that is not in force yet. Throws `conflict` when one is. */
export async function beginFactor(db: Db, adminId: number, begin: By & { sealedSeed: string }) {
  await commitIfStill(db, [
    onlyIf(db, adminId, sql`totp_confirmed_at is null`),
    db.update(admins).set({ totpSeed: begin.sealedSeed, totpStep: null })
      .where(eq(admins.id, adminId)),
    audited(db, begin, { action: "second_factor_begun", subject: `admin ${adminId}` }),
  ]);
}

type Confirmation = By & { sealedSeed: string; step: number; sessionId: string };

/**
 * Puts the seed in force whose first code was right, ends the admin's other sessions, and returns the recovery
 * codes, which are kept nowhere. Throws `conflict` when the seed is not the one that waits.
 */
export async function confirmFactor(
  db: Db,
  adminId: number,
  of: Confirmation,
): Promise<string[]> {
  const renewed = await renewal(db, adminId);
  await commitIfStill(db, [
    onlyIf(db, adminId, sql`totp_confirmed_at is null and totp_seed = ${of.sealedSeed}`),
    db.update(admins).set({ totpConfirmedAt: of.now, totpStep: of.step })
      .where(eq(admins.id, adminId)),
    ...renewed.statements,
    endOthers(db, adminId, of.sessionId),
    audited(db, of, { action: "second_factor_on", subject: `admin ${adminId}` }),
  ]);
  return renewed.codes;
}

/** Keeps the same seed under a newer seal. */
export const resealFactor = (db: Db, adminId: number, seal: { old: string; sealed: string }) =>
  db.update(admins).set({ totpSeed: seal.sealed })
    .where(and(eq(admins.id, adminId), eq(admins.totpSeed, seal.old)));

/** New recovery codes in place of the old ones. Throws `conflict` without a factor in force. */
export async function renewRecoveryCodes(db: Db, adminId: number, by: By): Promise<string[]> {
  const renewed = await renewal(db, adminId);
  await commitIfStill(db, [
    onlyIf(db, adminId, sql`totp_confirmed_at is not null`),
    ...renewed.statements,
    audited(db, by, { action: "recovery_codes_renewed", subject: `admin ${adminId}` }),
  ]);
  return renewed.codes;
}

/**
 * Forgets the seed and the recovery codes of an admin, tells them by mail, and ends their sessions but the one in
 * which they do it themselves. Throws `conflict` without a factor.
 */
export async function turnFactorOff(db: Db, adminId: number, off: By & { sessionId?: string }) {
  const { sessionId = "", now } = off;
  await commitIfStill(db, [
    onlyIf(db, adminId, sql`totp_confirmed_at is not null`),
    db.update(admins).set({ totpSeed: null, totpConfirmedAt: null, totpStep: null })
      .where(eq(admins.id, adminId)),
    db.delete(recoveryCodes).where(eq(recoveryCodes.adminId, adminId)),
    endOthers(db, adminId, sessionId),
    mailWhom({ kind: "admin", where: "id = ?", args: [adminId] }, {
      ...{ template: "password_reset", params: { change: "factor_off", staff: 1 }, now },
      key: `second_factor_off.${now}.${adminId}`,
    }),
    audited(db, off, { action: "second_factor_off", subject: `admin ${adminId}` }),
  ]);
}

async function renewal(db: Db, adminId: number) {
  const codes = newRecoveryCodes();
  const hashes = await Promise.all(codes.map((code) => hashToken(code.replaceAll("-", ""))));
  const statements: Statement[] = [
    db.delete(recoveryCodes).where(eq(recoveryCodes.adminId, adminId)),
    db.insert(recoveryCodes).values(hashes.map((hash) => ({ hash, adminId }))),
  ];
  return { codes, statements };
}

const endOthers = (db: Db, adminId: number, sessionId: string) =>
  db.delete(sessions).where(and(eq(sessions.adminId, adminId), ne(sessions.id, sessionId)));
