import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { base64url, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { isProblem, Problem } from "../db/problem.ts";
import { findPerson, idleLife, type Person } from "../db/sessions.ts";
import { originOf } from "./addresses.ts";
import type { Env } from "./context.ts";

type Kind = Person["kind"];
export type SessionKeys = {
  first: string;
  all: Map<string, CryptoKey>;
  /** What stands for an address where the address itself is not kept. */
  pseudonym(address: string): Promise<string>;
  /** Cookies that were verified a moment ago, by their text. */
  verified: Map<string, { claims: Claims; until: number }>;
};
/** When the cookie was made and when it ends, in milliseconds; absent in one that is yet to be made. */
type Claims = { kind: Kind; id: number; sid: string; madeAt?: number; endsAt?: number };

const names: Record<Kind, string> = { client: "connectpro", admin: "connectpro-admin" };
const typeOf = (purpose: string) => `${purpose}+jwt`;

/** Imports the secrets once: verifying with a CryptoKey costs half of what raw bytes cost. */
export async function importKeys(keys: { kid: string; secret: string }[]): Promise<SessionKeys> {
  const all = new Map<string, CryptoKey>();
  for (const { kid, secret } of keys) {
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const bytes = base64url.decode(secret) as Uint8Array<ArrayBuffer>;
    all.set(kid, await crypto.subtle.importKey("raw", bytes, hmac, false, ["sign", "verify"]));
  }
  const first = keys[0]?.kid;
  const key = all.get(first ?? "");
  if (first === undefined || !key) throw new Error("no key to sign sessions with");
  return { first, all, pseudonym: pseudonymsWith(key), verified: new Map() };
}

/** One address asks many times. */
function pseudonymsWith(key: CryptoKey) {
  const known = new Map<string, string>();
  return async (address: string) => {
    const before = known.get(address);
    if (before) return before;
    const text = new TextEncoder().encode(`address ${address}`);
    const mark = new Uint8Array(await crypto.subtle.sign("HMAC", key, text));
    const pseudonym = base64url.encode(mark).slice(0, 16);
    return keepIn(known, address, pseudonym);
  };
}

/** How much is kept of what is quickly made again. */
const MOST_KEPT = 5000;

function keepIn<T>(kept: Map<string, T>, key: string, value: T): T {
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, value);
  return value;
}

type Token = { purpose: string; subject: string; life: number; claims: JWTPayload };

/** A token of ours for one purpose, which no other purpose takes: its type and audience say so. */
export async function signToken(c: Context<Env>, token: Token): Promise<string> {
  const { keys, now } = c.var;
  return await new SignJWT(token.claims)
    .setProtectedHeader({ alg: "HS256", kid: keys.first, typ: typeOf(token.purpose) })
    .setSubject(token.subject).setAudience(`connectpro/${token.purpose}`)
    .setIssuedAt(Math.floor(now / 1000)).setExpirationTime(Math.floor((now + token.life) / 1000))
    .sign(keys.all.get(keys.first) as CryptoKey);
}

/** What a token of `purpose` says, if its signature, type, audience and time are right; else null. */
export async function readToken(c: Context<Env>, purpose: string, token: string | undefined) {
  if (!token) return null;
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyNamed(c.var.keys, kid), {
      algorithms: ["HS256"],
      typ: typeOf(purpose),
      audience: `connectpro/${purpose}`,
      requiredClaims: ["sub", "iat", "exp"],
      currentDate: new Date(c.var.now),
    });
    return payload;
  } catch {
    // A token that does not verify is no token, whatever is wrong with it.
    return null;
  }
}

/** Hands the browser the cookie of a session that is stored already. It ends when it is not used for a while. */
export async function issueCookie(c: Context<Env>, claims: Claims, endsAt = Infinity) {
  const { kind, sid } = claims;
  const life = Math.min(idleLife[kind], endsAt - c.var.now);
  const subject = String(claims.id);
  const token = await signToken(c, { purpose: kind, subject, life, claims: { sid } });
  const sameSite = kind === "admin" ? "Strict" : "Lax";
  setCookie(c, names[kind], token, {
    prefix: "host",
    httpOnly: true,
    sameSite,
    maxAge: Math.floor(life / 1000),
  });
}

/** Milliseconds for which a cookie's signature is not checked again. Its session is, each time. */
const TRUSTED = 10_000;

/** The claims of a session's cookie, if there is a good one. */
export async function readClaims(c: Context<Env>, kind: Kind): Promise<Claims | null> {
  const { keys: { verified }, now } = c.var;
  const token = getCookie(c, names[kind], "host");
  const known = token && verified.get(token);
  if (known && known.claims.kind === kind && now < known.until) return known.claims;
  const payload = await readToken(c, kind, token);
  const claims = payload && claimsOf(kind, payload);
  if (!token || !claims) return null;
  const until = Math.min(now + TRUSTED, claims.endsAt ?? 0);
  return keepIn(verified, token, { claims, until }).claims;
}

function keyNamed(keys: SessionKeys, kid: string | undefined): CryptoKey {
  const key = keys.all.get(kid ?? "");
  if (!key) throw new Error("unknown key");
  return key;
}

function claimsOf(kind: Kind, payload: JWTPayload): Claims | null {
  const id = Number(payload.sub);
  return Number.isSafeInteger(id) && typeof payload.sid === "string"
    ? { kind, id, sid: payload.sid, madeAt: inMs(payload.iat), endsAt: inMs(payload.exp) }
    : null;
}

const inMs = (seconds = 0) => seconds * 1000;

export function dropCookies(c: Context<Env>) {
  for (const name of Object.values(names)) deleteCookie(c, name, { prefix: "host" });
}

/**
 * Lets only a live session through. The check runs beside the page's own queries and the answer waits for it:
 * one round trip for both. Whatever writes must first await `c.var.person`.
 */
export const signedIn = (kind: Kind) =>
  createMiddleware<Env>(async (c, next) => {
    const claims = await readClaims(c, kind);
    if (!claims) throw signInFirst(kind);
    const person = personBehind(c, claims);
    person.catch(() => {});
    c.set("viewer", { kind, id: claims.id });
    c.set("person", person);
    await next();
    await keepAlive(c, claims, await person);
  });

/** What an open page asks for by itself, whether or not anybody sits before it. */
const isUnasked = (c: Context<Env>) =>
  /\/chat\/(stream|reads)$/.test(c.req.path) || c.req.query("seen") !== undefined;

/** A session in use goes on: its cookie is made anew when a tenth of its idle time has passed. */
async function keepAlive(c: Context<Env>, claims: Claims, { endsAt }: Person) {
  if (isUnasked(c)) return;
  const age = c.var.now - (claims.madeAt ?? 0);
  const ended = c.res.headers.getSetCookie().some((cookie) => cookie.includes(names[claims.kind]));
  if (age > idleLife[claims.kind] / 10 && !ended) await issueCookie(c, claims, endsAt);
}

async function personBehind(c: Context<Env>, claims: Claims): Promise<Person> {
  const person = await findPerson(c.var.db, claims.sid, c.var.now);
  if (person?.kind !== claims.kind || person.id !== claims.id) throw signInFirst(claims.kind);
  if (lacksFactor(person) && !settingUp.test(c.req.path)) throw setUpFirst();
  return { ...person, origin: await originOf(c), at: c.req.path };
}

const lacksFactor = (person: Person) => person.kind === "admin" && person.lacksFactor;
/** What an admin may do who has no second factor yet where everybody must have one. */
const settingUp = /^\/(sign-out|admin\/(second-factor|confirm))(\/|$)/;
const setUpFirst = () =>
  new Problem("unproven", "Set up your second factor first.", "/admin/second-factor");

/**
 * For an answer that outlives its request: asks, whenever it is called, whether the session is still alive. It ends
 * with the cookie it was asked for with; whoever has done something meanwhile comes back with a newer one.
 */
export async function sessionWatch(c: Context<Env>, kind: Kind): Promise<() => Promise<boolean>> {
  const { db, clock } = c.var;
  const claims = await readClaims(c, kind);
  return async () => {
    const now = clock();
    if (!claims || now >= (claims.endsAt ?? 0)) return false;
    const person = await findPerson(db, claims.sid, now);
    return person !== null && !lacksFactor(person);
  };
}

/** Who is signed in on a page that is open to everyone; null for nobody. */
export async function personIfSignedIn(c: Context<Env>, kind: Kind): Promise<Person | null> {
  const claims = await readClaims(c, kind);
  if (!claims) return null;
  try {
    return await personBehind(c, claims);
  } catch (error) {
    if (isProblem(error, "unauthenticated")) return null;
    throw error;
  }
}

export const clientIfSignedIn = (c: Context<Env>) => personIfSignedIn(c, "client");

const signInFirst = (kind: Kind) =>
  new Problem("unauthenticated", "Sign in to see this page.", kind);
