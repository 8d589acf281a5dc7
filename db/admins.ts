import { count, eq } from "drizzle-orm";
import { auditedIfDone } from "./audit.ts";
import type { Origin } from "./booking_moves.ts";
import { commitAndTell, type Db, isUnique } from "./client.ts";
import { Problem } from "./problem.ts";
import { admins } from "./schema.ts";
import { sessionLife } from "./sessions.ts";
import { randomToken, type Token, usedUp, useToken } from "./tokens.ts";

export type Admin = typeof admins.$inferSelect;
type NewAdmin = {
  name: string;
  email: string;
  passwordHash: string;
  sessionId: string;
  now: number;
  origin?: Origin;
};

export async function findAdminByEmail(db: Db, email: string): Promise<Admin | undefined> {
  return await db.select().from(admins).where(eq(admins.email, email)).get();
}

export async function hasAdmin(db: Db): Promise<boolean> {
  const row = await db.select({ n: count() }).from(admins).get();
  return (row?.n ?? 0) > 0;
}

/** Makes the first admin, an owner, signs them in and returns their id. Of any number at once, one wins; throws `gone`. */
export async function makeFirstAdmin(db: Db, token: Token, admin: NewAdmin): Promise<number> {
  return await makeAdmin(db, token, {
    ...admin,
    role: "owner",
    only: "not exists (select 1 from admins)",
  });
}

/** Redeems an invitation: its address and role are fixed. Returns the admin's id; throws `gone` or `conflict`. */
export async function redeemInvitation(
  db: Db,
  token: Token,
  admin: Omit<NewAdmin, "email">,
): Promise<number> {
  const email = token.email ?? "";
  const role = token.role ?? "agent";
  return await makeAdmin(db, token, { ...admin, email, role, only: "true" });
}

const joined = ({ name, email, role, origin, now }: NewAdmin & Pick<Admin, "role">) =>
  auditedIfDone(
    { actor: { kind: "admin", id: null, name, origin }, now },
    { action: "team.join", subject: email, after: { role } },
  );

async function makeAdmin(
  db: Db,
  token: Token,
  admin: NewAdmin & { role: Admin["role"]; only: string },
): Promise<number> {
  const by = randomToken();
  const { now } = admin;
  const insert = `insert into admins (name, email, password_hash, role, created_at)
    select ?, ?, ?, ?, ? from one_time_tokens where used_by = ? and ${admin.only}
    returning id`;
  const session = `insert into sessions (id, admin_id, created_at, expires_at)
    select ?, admins.id, ?, ? from admins, one_time_tokens where admins.email = ? and used_by = ?`;
  try {
    const [, made] = await commitAndTell(db, [
      useToken(db, token, { by, now }),
      { sql: insert, args: [admin.name, admin.email, admin.passwordHash, admin.role, now, by] },
      joined(admin),
      { sql: session, args: [admin.sessionId, now, now + sessionLife.admin, admin.email, by] },
    ]);
    if (!made?.[0]) throw usedUp();
    return Number(made[0].id);
  } catch (error) {
    if (!isUnique(error, "admins.email")) throw error;
    throw new Problem("conflict", "There is an admin with this address already. Sign in instead.");
  }
}
