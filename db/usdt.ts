import { decimalsOf } from "./money.ts";
import { Problem } from "./problem.ts";

/** Whole numbers of 10^-6 USDT, as the token counts: one USDT, and its cent. */
const USDT = 1_000_000n;
const CENT = 10_000n;
/** Less than a cent pays nothing: such transfers only put look-alike addresses before somebody's eyes. */
export const DUST = Number(CENT);
/** A quote ends in 0.000001 to 0.009999 USDT: that tells it from the other open ones of its address. */
export const SUFFIXES = 9999;

/**
 * The price (minor units) at `rate` USDT for one unit of its currency, rounded up to a cent, plus `suffix` (1 to
 * SUFFIXES): in 10^-6 USDT. Throws `invalid` where that is more than a number holds exactly.
 */
export function quoteMicro(
  price: { amountMinor: number; currency: string },
  { rate, suffix }: { rate: string; suffix: number },
): number {
  const [whole = "", fraction = ""] = rate.split(".");
  const unit = 10n ** BigInt(decimalsOf(price.currency) + fraction.length);
  const exact = BigInt(price.amountMinor) * BigInt(whole + fraction) * USDT;
  const cents = (exact + unit * CENT - 1n) / (unit * CENT);
  const micro = cents * CENT + BigInt(suffix);
  if (micro <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(micro);
  throw new Problem("invalid", "This amount is too large for USDT. Choose another way.", "method");
}

/** What a chain counts as a number: more than a number holds exactly is as much as it holds. */
export function microOf(onChain: bigint): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(onChain < most ? onChain : most);
}

/** 149001234 as "149.001234": always six decimals, for a wallet to take as it stands. */
export function usdtText(micro: number): string {
  return `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, "0")}`;
}

/**
 * The transaction in what somebody typed, which may be an explorer's whole address: 64 hex digits in lower case,
 * behind 0x on EVM chains only. Null where there is none.
 */
export function readTx(text: string, network: "evm" | "tron" | null): string | null {
  const digits = /(?<![0-9a-f])(?:0x)?([0-9a-f]{64})(?![0-9a-f])/i.exec(text)?.[1]?.toLowerCase();
  if (!digits) return null;
  return network === "tron" ? digits : `0x${digits}`;
}
