import type { Context } from "hono";
import { getConnInfo } from "hono/deno";
import type { Origin } from "../db/booking_moves.ts";
import type { Env } from "./context.ts";

/**
 * The address a limit counts: the peer's, or with TRUST_PROXY=n the n-th from the right of X-Forwarded-For,
 * which the n proxies in front of us wrote. Of an IPv6 address only the network, since a home has 2^64.
 */
export function addressOf(c: Context<Env>): string {
  const { trustProxy } = c.var.config;
  const forwarded = c.req.header("X-Forwarded-For")?.split(",").at(-trustProxy)?.trim();
  return networkOf(
    trustProxy > 0 && forwarded ? forwarded : getConnInfo(c).remote.address ?? "unknown",
  );
}

export function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const before = head ? head.split(":") : [];
  const after = tail ? tail.split(":") : [];
  const zeros = Array(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4).join(":") +
    "::/64";
}

/** Where a request came from, as far as it is kept: enough to see that two came from one place. */
export async function originOf(c: Context<Env>): Promise<Origin> {
  return { requestId: c.var.requestId, addressHash: await c.var.keys.pseudonym(addressOf(c)) };
}

/** Where and on what a session begins. */
export async function visitOf(c: Context<Env>) {
  return { userAgent: c.req.header("User-Agent"), origin: await originOf(c) };
}
