import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { randomToken } from "../db/tokens.ts";
import type { Env } from "./context.ts";
import { readToken, signToken } from "./session.ts";

const COOKIE = "connectpro-challenge";
const PURPOSE = "challenge";
/** How long there is to type the code, in milliseconds. */
const LIFE = 5 * 60_000;

/** Somebody who gave the right password of the admin `id` and owes the code. */
export type Challenge = {
  id: number;
  /** Random: tries are counted for each challenge. */
  name: string;
  /** Whose tries they are besides: the account, or the account on a device it knows. */
  account: string;
  /** Where they wanted to go. */
  next: string;
};

export async function issueChallenge(c: Context<Env>, of: Omit<Challenge, "name">) {
  const { id, account, next } = of;
  const token = await signToken(c, {
    purpose: PURPOSE,
    subject: String(id),
    life: LIFE,
    claims: { name: randomToken(), account, next: next.slice(0, 1000) },
  });
  const flags = { httpOnly: true, sameSite: "Strict", maxAge: LIFE / 1000 } as const;
  setCookie(c, COOKIE, token, { prefix: "host", ...flags });
}

/** The challenge of this browser, while it lasts. */
export async function readChallenge(c: Context<Env>): Promise<Challenge | null> {
  const payload = await readToken(c, PURPOSE, getCookie(c, COOKIE, "host"));
  if (!payload) return null;
  const { sub, name, account, next } = payload;
  return { id: Number(sub), name: String(name), account: String(account), next: String(next) };
}

export const dropChallenge = (c: Context<Env>) => deleteCookie(c, COOKIE, { prefix: "host" });
