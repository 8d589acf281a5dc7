/** Crockford's base32: no I, L, O or U. https://www.crockford.com/base32.html */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

type Random = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array;

/** A new label for a booking, like CP2026ABC123. A label, not a secret: it may collide. */
export function newReference(now: number, random: Random): string {
  const year = new Date(now).getUTCFullYear();
  const letters = [...random(new Uint8Array(6))].map((byte) => ALPHABET[byte % 32]);
  return `CP${year}${letters.join("")}`;
}

/** What a person typed as the reference they meant; null if it cannot be one. */
export function readReference(typed: string): string | null {
  const text = forgiven(typed);
  return /^CP\d{4}[0-9A-HJKMNP-TV-Z]{6}$/.test(text) ? text : null;
}

/** Typed letters as the alphabet has them: O and 0 are one, and so are I, L and 1. */
export const forgiven = (typed: string) =>
  typed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

/** All that could be references in a longer text, such as the words of a transfer: banks cut and join at will. */
export function referencesIn(text: string): string[] {
  const joined = forgiven(text).replace(/[^A-Z0-9]/g, "");
  return [...joined.matchAll(/(?=(CP\d{4}[0-9A-HJKMNP-TV-Z]{6}))/g)].map((match) => match[1] ?? "");
}
