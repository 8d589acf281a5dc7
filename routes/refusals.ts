import type { Context } from "hono";
import { routePath } from "hono/route";
import { audited } from "../db/audit.ts";
import { commit } from "../db/client.ts";
import type { Problem } from "../db/problem.ts";
import { countTry } from "../db/rate_limits.ts";
import { log } from "../jobs/log.ts";
import { originOf } from "./addresses.ts";
import type { Env } from "./context.ts";
import { forgedFormLimit } from "./limits.ts";
import { readClaims } from "./session.ts";

/** A line for what was asked for and not done. It names the route, never the address: that may hold a token. */
export function logRefusal(c: Context<Env>, { code }: Problem) {
  const { requestId } = c.var;
  log("warn", "refused", { code, method: c.req.method, route: routePath(c, -1), requestId });
}

/** Somebody's session was used from another site: what it was used for is kept under their name. */
export async function recordForgery(c: Context<Env>) {
  const { db, now } = c.var;
  for (const kind of ["client", "admin"] as const) {
    const claims = await readClaims(c, kind);
    if (!claims) continue;
    const { id } = claims;
    const subject = `${kind} ${id}`;
    const [standing] = await countTry(db, [forgedFormLimit(subject)], now);
    if (standing && standing.left < 0) continue;
    const actor = { kind, id, name: "somebody in their name", origin: await originOf(c) };
    const after = { method: c.req.method, site: c.req.header("Origin")?.slice(0, 200) ?? null };
    await commit(db, [audited(db, { actor, now }, { action: "forged_form", subject, after })]);
  }
}
