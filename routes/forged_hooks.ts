import type { Context } from "hono";
import type { Db } from "../db/client.ts";
import { isProblem, Problem } from "../db/problem.ts";
import { countTry } from "../db/rate_limits.ts";
import type { Env } from "./context.ts";
import { forgedHookLimit } from "./limits.ts";

/** How many calls one address may have us ask about at the same time. */
const AT_ONCE = 100;
/** Calls of an address that are asked about now, and until when (ms) it is asked about none. */
type Caller = { asking: number; until: number };

/** By database: what one process remembers; the count of forged calls is everybody's. */
const callers = new WeakMap<Db, Map<string, Caller>>();

/**
 * Does `check`, which asks a provider whether a call is its own, for an address that has not sent too many forged
 * ones lately. Throws `too_many` for one that has, before anything is asked.
 */
export async function unlessForging<T>(c: Context<Env>, check: () => Promise<T>): Promise<T> {
  const { db, now } = c.var;
  const limit = forgedHookLimit(c);
  const known = callers.get(db) ?? new Map<string, Caller>();
  callers.set(db, known);
  const caller = known.get(limit.key) ?? { asking: 0, until: 0 };
  if (caller.until > now) throw tooMany(caller.until - now);
  if (caller.asking >= AT_ONCE) throw tooMany(1000);
  known.set(limit.key, caller);
  caller.asking++;
  try {
    return await check();
  } catch (error) {
    if (isProblem(error, "unauthenticated")) {
      const [standing] = await countTry(db, [limit], now);
      if (standing && standing.left <= 0) caller.until = now + standing.seconds * 1000;
    }
    throw error;
  } finally {
    caller.asking--;
    if (caller.asking === 0 && caller.until <= now) known.delete(limit.key);
  }
}

const tooMany = (wait: number) =>
  new Problem("too_many", "Too many forged calls.", undefined, Math.ceil(wait / 1000));
