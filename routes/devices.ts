import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { randomToken } from "../db/tokens.ts";
import type { Env } from "./context.ts";
import { readToken, signToken } from "./session.ts";

const COOKIE = "connectpro-device";
const PURPOSE = "device";
const YEAR = 365 * 86_400_000;

/** Remembers that `account` has signed in here. It proves nothing but that. */
export async function issueDeviceCookie(c: Context<Env>, account: string) {
  if (await deviceOf(c, account)) return;
  const token = await signToken(c, {
    purpose: PURPOSE,
    subject: account,
    life: YEAR,
    claims: { device: randomToken() },
  });
  setCookie(c, COOKIE, token, {
    prefix: "host",
    httpOnly: true,
    sameSite: "Strict",
    maxAge: YEAR / 1000,
  });
}

/** The name of this device if `account` was the last to sign in on it. */
export async function deviceOf(c: Context<Env>, account: string): Promise<string | null> {
  const payload = await readToken(c, PURPOSE, getCookie(c, COOKIE, "host"));
  return payload?.sub === account && typeof payload.device === "string" ? payload.device : null;
}
