import type { Context } from "hono";
import type { Admin } from "../db/admins.ts";
import type { Statement } from "../db/client.ts";
import { stepOf } from "../db/one_time_codes.ts";
import { type Prover, useRecoveryCode, useStep } from "../db/proofs.ts";
import { resealFactor } from "../db/second_factors.ts";
import type { Env } from "./context.ts";

/** A code that was right, and the writes that use it up. */
export type Code = { by: "app" | "recovery code"; uses: Statement[] };

/** What `typed` proves of an admin with a second factor: a code of their app or a recovery code; else null. */
export async function codeOf(
  c: Context<Env>,
  prover: Prover | undefined,
  typed: string,
): Promise<Code | null> {
  if (!prover || prover.admin.totpConfirmedAt === null) return null;
  const { admin: { id }, recovery: hash } = prover;
  const { db, now } = c.var;
  if (hash) return { by: "recovery code", uses: useRecoveryCode(db, id, { hash, now }) };
  return await appCode(c, prover.admin, typed);
}

async function appCode(c: Context<Env>, admin: Admin, typed: string): Promise<Code | null> {
  const { db, seals, now } = c.var;
  const { id, totpSeed: old, totpStep: after } = admin;
  const seed = old && await seals.open(old, sealName(id));
  const step = seed && await stepOf(seed, typed, { now, after });
  if (!seed || !step) return null;
  const uses = useStep(db, id, step);
  if (seals.isCurrent(old)) return { by: "app", uses };
  const sealed = await seals.seal(seed, sealName(id));
  return { by: "app", uses: [...uses, resealFactor(db, id, { old, sealed })] };
}

/** What the seed of an admin is sealed as: that of one opens nothing of another. */
export const sealName = (adminId: number) => `second factor of admin ${adminId}`;
