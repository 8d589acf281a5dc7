import type { Context } from "hono";
import { findPasswordHash, recordRefusal } from "../db/password_changes.ts";
import { notFound, Problem } from "../db/problem.ts";
import type { Limit } from "../db/rate_limits.ts";
import type { Env } from "./context.ts";
import { limit, passwordLimit } from "./limits.ts";

type Given = { password: string; field: string; limits?: Limit[] };

/** Asks for the password again, whatever the session says. Throws `invalid` at `field` for a wrong one. */
export async function prove(c: Context<Env>, { password, field, limits = [] }: Given) {
  const { db, now } = c.var;
  const viewer = ownerOf(c);
  const [person, hash] = await Promise.all([
    c.var.person,
    findPasswordHash(db, viewer),
    limit(c, [passwordLimit(`${viewer.kind}:${viewer.id}`), ...limits]),
  ]);
  if (await c.var.passwords.verify(password, hash)) return { person, hash };
  await recordRefusal(db, person, now);
  throw new Problem("invalid", "This is not your present password. Write it once more.", field);
}

/** The owner of the session; these pages are none for guests. */
export function ownerOf({ var: { viewer } }: Context<Env>) {
  if (viewer.kind === "guest") throw notFound();
  return viewer;
}
