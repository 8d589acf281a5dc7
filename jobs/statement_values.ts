import { decimalsOf } from "../db/money.ts";
import { Problem } from "../db/problem.ts";

/** What is said about a file that is no statement, beside the field it came in. */
export const unreadable = (message: string) => new Problem("invalid", message, "file");

/**
 * "1.234,56", "1,234.56", "1 234.56", "+149" and "149,00-" in minor units, below zero for debits; null for what
 * is no amount of `currency`. Three digits behind a lone separator are thousands where the currency has fewer
 * decimals.
 */
export function readMoney(text: string, currency: string): number | null {
  const signed = text.replace(/^\((.*)\)$/, "-$1").replaceAll("−", "-");
  const plain = signed.replace(/[\s'’€$£]/g, "").replace(
    new RegExp(`^${currency}|${currency}$`),
    "",
  );
  const [, lead, digits = "", trail] = /^([+-]?)([\d.,]+)([+-]?)$/.exec(plain) ?? [];
  const decimals = decimalsOf(currency);
  const parts = partsOf(digits, decimals);
  if (!parts || (lead && trail)) return null;
  const minor = Number(parts.whole + parts.fraction.slice(0, decimals).padEnd(decimals, "0"));
  if (!Number.isSafeInteger(minor)) return null;
  return minor === 0 ? 0 : (lead === "-" || trail === "-") ? -minor : minor;
}

/** The digits before and behind the separator; null where they are grouped as no amount is. */
function partsOf(digits: string, decimals: number): { whole: string; fraction: string } | null {
  const mark = decimalMark(digits, decimals);
  const at = mark === "" ? digits.length : digits.lastIndexOf(mark);
  const [head, fraction] = [digits.slice(0, at), digits.slice(at + 1)];
  const whole = head.replace(/[.,]/g, "");
  const grouped = /^(\d+|\d{1,3}((\.\d{3})+|(,\d{3})+))$/.test(head) &&
    (!mark || !head.includes(mark));
  const spare = fraction.slice(decimals);
  return grouped && /^\d*$/.test(fraction) && /^0*$/.test(spare) ? { whole, fraction } : null;
}

/** Which of the two separators is before the decimals; "" where there are none. */
function decimalMark(digits: string, decimals: number): "" | "." | "," {
  const marks = digits.replace(/\d/g, "");
  const last = marks.at(-1) as "." | "," | undefined;
  if (!last) return "";
  if (new Set(marks).size === 2) return last;
  if (marks.length > 1) return "";
  const behind = digits.length - digits.indexOf(last) - 1;
  return behind === 3 && decimals < 3 ? "" : last;
}
