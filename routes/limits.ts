import type { Context } from "hono";
import { countTry, type Limit, refuseSpent, type Standing } from "../db/rate_limits.ts";
import { addressOf } from "./addresses.ts";
import type { Env } from "./context.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const perAddress = (name: string, max: number, window: number) => (c: Context<Env>): Limit => ({
  name,
  key: `${name}:${addressOf(c)}`,
  max,
  window,
});

const perName = (name: string, max: number, window: number) => (who: string): Limit => ({
  name,
  key: `${name}:${who}`,
  max,
  window,
});

export const bookingLimit = perAddress("bookings", 20, HOUR);
export const accountLimit = perAddress("accounts", 10, HOUR);
export const signInAddressLimit = perAddress("sign-in", 100, 15 * MINUTE);
/** Wrong tries for one account; a device that has signed in to it before has a count of its own. */
export const signInLimit = perName("sign-in", 10, 15 * MINUTE);
/** Wrong codes for one account, counted like wrong passwords. */
export const codeLimit = perName("codes", 10, 15 * MINUTE);
/** Tries at one challenge, right or wrong. */
export const challengeLimit = perName("challenge", 5, 5 * MINUTE);
/** How often the password of an open session may be asked for. */
export const passwordLimit = perName("password", 10, 15 * MINUTE);
export const messageLimit = perName("messages", 300, MINUTE);
/** That somebody types or has read on. */
export const signalLimit = perName("signals", 120, MINUTE);

/** What browsers report that a policy has stopped: a line of the log each. */
export const reportLimit = perAddress("reports", 20, HOUR);
/** Forged forms of one session that are kept: the log is for good, and whoever has a session could fill it. */
export const forgedFormLimit = perName("forged-forms", 20, HOUR);
/** Calls in a provider's name that it does not know: each costs a question there. */
export const forgedHookLimit = perAddress("forged-hooks", 100, 15 * MINUTE);

/** Counts this request and says in its headers how much is left. Throws `too_many`. */
export async function limit(c: Context<Env>, limits: Limit[]): Promise<Standing[]> {
  const standings = await countTry(c.var.db, limits, c.var.now);
  const tightest = standings.toSorted((a, b) => a.left - b.left)[0];
  if (tightest) tell(c, tightest);
  refuseSpent(standings);
  return standings;
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
function tell(c: Context<Env>, { limit, left, seconds }: Standing) {
  c.header("RateLimit-Policy", `"${limit.name}";q=${limit.max};w=${limit.window / 1000}`);
  c.header("RateLimit", `"${limit.name}";r=${Math.max(0, left)};t=${seconds}`);
}
