import { Problem } from "./problem.ts";

/** The largest amount we take, in minor units: 999,999.99 in a currency with two decimals. */
export const MAX_MINOR = 99_999_999;

/** Decimals of an ISO 4217 currency as `Intl` knows them: 0 for JPY, 2 for USD, 3 for KWD. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** "149.00" in minor units. Throws `invalid` on anything but a plain positive decimal in range. */
export function parseAmount(text: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const parts = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(text.trim());
  const [whole, fraction = ""] = [parts?.[1], parts?.[2]];
  if (whole === undefined || fraction.length > decimals) {
    throw new Problem("invalid", `Write the amount like ${exampleAmount(decimals)}.`);
  }
  const minor = Number(whole) * 10 ** decimals + Number(fraction.padEnd(decimals, "0") || 0);
  if (minor < 1) throw new Problem("invalid", "The amount must be more than zero.");
  if (minor > MAX_MINOR) {
    throw new Problem("invalid", `The amount may be ${amountText(MAX_MINOR, currency)} at most.`);
  }
  return minor;
}

/** Minor units as the plain decimal that `parseAmount` reads: 14900 USD is "149.00". */
export function amountText(minor: number, currency: string): string {
  return (minor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency));
}

const exampleAmount = (decimals: number) => (149).toFixed(decimals);
