import { and, eq, isNull, sql } from "drizzle-orm";
import { accountChanged, keyOf, keyOnce, mailWhom } from "./account_mails.ts";
import type { Admin } from "./admins.ts";
import { audited } from "./audit.ts";
import type { Origin } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { isProblem } from "./problem.ts";
import { commitIfStill, onlyIf } from "./proofs.ts";
import { admins, oneTimeTokens, sessions } from "./schema.ts";
import { hashToken, live, randomToken, type Token, usedUp, useToken } from "./tokens.ts";

const template = "password_reset";

/**
 * Mails whoever has `email`, client or admin, a link to choose a new password. Where nobody has it the same is done,
 * so that how long it takes tells nothing.
 */
export async function askForReset(db: Db, email: string, at: { now: number; origin: Origin }) {
  const mail = (kind: "client" | "admin", name: string, params: { staff?: number }) =>
    mailWhom(
      { kind, where: "email = ?", args: [email] },
      { template, key: keyOnce(name, email, at.now), params, now: at.now },
    );
  await commit(db, [
    mail("client", template, {}),
    mail("admin", `${template}.staff`, { staff: 1 }),
    asked(email, at),
  ]);
}

const asked = (email: string, { now, origin }: { now: number; origin: Origin }): Statement => ({
  sql: `insert into audit_log
      (at, actor_kind, actor_name, action, subject, request_id, address_hash)
    select ?, 'client', 'somebody', 'reset_asked', coalesce(
      (select 'client ' || id from users where email = ?),
      (select 'admin ' || id from admins where email = ?), 'unknown address'), ?, ?`,
  args: [now, email, email, origin.requestId ?? null, origin.addressHash ?? null],
});

/** The link of an admin who chooses a new password, in one read. Throws `not_found` or `gone`. */
export async function findAdminReset(
  db: Db,
  link: string,
  now: number,
): Promise<{ token: Token; admin: Admin }> {
  const found = await db.select({ token: oneTimeTokens, admin: admins }).from(oneTimeTokens)
    .innerJoin(admins, eq(admins.email, oneTimeTokens.email))
    .where(and(
      eq(oneTimeTokens.hash, await hashToken(link)),
      eq(oneTimeTokens.purpose, "reset"),
      isNull(oneTimeTokens.userId),
      isNull(admins.deactivatedAt),
    )).get();
  const token = live(found?.token, now);
  return { ...found as { admin: Admin }, token };
}

type Choice = { passwordHash: string; now: number; origin: Origin };

/**
 * Gives an admin a new password and ends their sessions and other links. It opens no session: a second factor is
 * asked for at the door. Throws `gone` when the link was used a moment ago.
 */
export async function resetAdminPassword(
  db: Db,
  { token, admin }: { token: Token; admin: Admin },
  { passwordHash, now, origin }: Choice,
) {
  const { id, name, email } = admin;
  const unused = sql`exists (select 1 from one_time_tokens
    where hash = ${token.hash} and used_by is null and expires_at > ${now})`;
  const ofThem = and(eq(oneTimeTokens.email, email), eq(oneTimeTokens.purpose, "reset"));
  const by = { actor: { kind: "admin", id, name, origin } as const, now };
  const notice = { template, key: `password_changed.${now}.${keyOf(email)}`, now } as const;
  try {
    await commitIfStill(db, [
      onlyIf(db, id, unused),
      useToken(db, token, { by: randomToken(), now }),
      db.update(admins).set({ passwordHash }).where(eq(admins.id, id)),
      db.delete(sessions).where(eq(sessions.adminId, id)),
      db.delete(oneTimeTokens)
        .where(and(ofThem, isNull(oneTimeTokens.userId), isNull(oneTimeTokens.usedBy))),
      accountChanged(db, admin, { ...notice, params: { change: "done", staff: 1 } }),
      audited(db, by, { action: "password_chosen", subject: `admin ${id}` }),
    ]);
  } catch (error) {
    throw isProblem(error, "conflict") ? usedUp() : error;
  }
}
