import { decimalsOf } from "../db/money.ts";
import { Problem } from "../db/problem.ts";

/** What is said about a file that is no statement, beside the field it came in. */
export const unreadable = (message: string) => new Problem("invalid", message, "file");

/** How a file writes days with strokes: 02/03/2026 and 02-03-2026 say either. */
export type DayOrder = "day first" | "month first";

/**
 * "2026-03-02", "2026-03-02T10:00:00+01:00", "20260302", "02.03.2026" and, in the order of their file, "02/03/2026"
 * and "02-03-2026" as YYYY-MM-DD; null for what is no such day.
 */
export function readDay(text: string, order: DayOrder = "day first"): string | null {
  const [, year, month, day] =
    /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ].*)?$/.exec(text.trim())?.toSpliced(2, 1) ?? [];
  const [, one, stroke, two, last] = SHORT.exec(text.trim()) ?? [];
  const swapped = order === "month first" && stroke !== ".";
  const short = [century(last), ...(swapped ? [one, two] : [two, one])];
  const [y = "", m = "", d = ""] = one ? short : [year, month, day];
  const date = `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`;
  const at = Date.parse(`${date}T00:00:00Z`);
  return at >= 0 && new Date(at).toISOString().startsWith(date) ? date : null;
}

const SHORT = /^(\d\d?)([./-])(\d\d?)\2(\d{4}|\d\d)(?: [\d:]+)?$/;

/** The order that all days of a file fit; where they fit either, the one that people with its currency write. */
export function dayOrderOf(days: string[], currency: string): DayOrder {
  const fit = (order: DayOrder) => days.every((day) => !SHORT.test(day) || readDay(day, order));
  const [first, second]: DayOrder[] = currency === "USD"
    ? ["month first", "day first"]
    : ["day first", "month first"];
  return first && second && !fit(first) && fit(second) ? second : first ?? "day first";
}

const century = (year = "") => year.length === 2 ? `20${year}` : year;

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
