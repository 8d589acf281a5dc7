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
