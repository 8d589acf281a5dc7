import { and, eq, gt, isNull } from "drizzle-orm";
import type { Db, Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { oneTimeTokens } from "./schema.ts";

export type Token = typeof oneTimeTokens.$inferSelect;
type Purpose = Token["purpose"];
const HOUR = 3_600_000;

/** How long a link works, in milliseconds. */
export const tokenLife: Record<Purpose, number> = {
  setup: 24 * HOUR,
  claim: 7 * 24 * HOUR,
  verify: 24 * HOUR,
  reset: HOUR / 2,
  invitation: 72 * HOUR,
  email_old: 24 * HOUR,
  email_new: 24 * HOUR,
};

/** 256 random bits as base64url: what a link carries. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(
    /=/g,
    "",
  );
}

/** 126 random bits: names what is in addresses and exports, where a leading "-" would read as a formula. */
export const newId = () => `x${randomToken().slice(0, 21)}`;

/** What is stored of a token: its SHA-256 in hex. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Stores a token for `purpose`. The same one again, such as SETUP_TOKEN at each start, lives on unless it was used. */
export async function storeToken(
  db: Db,
  token: string,
  about: { purpose: Purpose; now: number } & Partial<Pick<Token, "userId" | "email" | "role">>,
) {
  const { now, ...columns } = about;
  const expiresAt = now + tokenLife[about.purpose];
  await db.insert(oneTimeTokens)
    .values({ ...columns, hash: await hashToken(token), createdAt: now, expiresAt })
    .onConflictDoUpdate({
      target: oneTimeTokens.hash,
      set: { expiresAt },
      setWhere: isNull(oneTimeTokens.usedBy),
    });
}

/** The token behind a link. Throws `not_found` for one we never gave, `gone` for one used or too old. */
export async function findToken(db: Db, token: string, use: { purpose: Purpose; now: number }) {
  const hash = await hashToken(token);
  const found = await db.select().from(oneTimeTokens)
    .where(and(eq(oneTimeTokens.hash, hash), eq(oneTimeTokens.purpose, use.purpose))).get();
  return live(found, use.now);
}

/** `token` if it is there, unused and not too old. Throws `not_found` or `gone` as `findToken` does. */
export function live(token: Token | null | undefined, now: number): Token {
  if (!token) throw notFound();
  if (token.usedBy !== null || token.expiresAt <= now) throw usedUp();
  return token;
}

export const usedUp = () =>
  new Problem("gone", "This link was used already or is too old. Ask for a new one.");

/**
 * Uses a token up, as the first statement of a batch. The others of the batch act only where `usedBy(use)`
 * holds, so that of two requests with one token only one does anything.
 */
export function useToken(db: Db, token: Token, use: { by: string; now: number }): Statement {
  return db.update(oneTimeTokens).set({ usedBy: use.by })
    .where(usable(token.hash, { purpose: token.purpose, now: use.now }));
}

const usable = (hash: string, use: { purpose: Purpose; now: number }) =>
  and(
    eq(oneTimeTokens.hash, hash),
    eq(oneTimeTokens.purpose, use.purpose),
    isNull(oneTimeTokens.usedBy),
    gt(oneTimeTokens.expiresAt, use.now),
  );
