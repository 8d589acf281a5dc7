import type { Charts, Stage } from "../../db/charts.ts";
import { money } from "../format.tsx";

export const stageWords: Record<Stage, string> = {
  paid: "Paid",
  open: "Not paid yet",
  ended: "Fell through",
};
export const NOBODY = "Nobody yet";

/** "2 Mar" for the day "2026-03-02". */
export const dayWord = (day: string) => dayForm.format(Date.parse(day));
/** "Mar" for the month that begins with "2026-03-01", with its year where that is asked for. */
export const monthWord = (day: string, form: "short" | "full" = "short") =>
  (form === "full" ? monthOfYear : month).format(Date.parse(day));

const dayForm = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const month = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const monthOfYear = new Intl.DateTimeFormat("en-GB", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "5.2 hours"; below an hour in minutes. `ms` is how long something took. */
export function hoursWord(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const hours = inHours(ms);
  return hours === 1 ? "1 hour" : `${hours} hours`;
}

/** Milliseconds as hours, with one decimal below ten. */
export function inHours(ms: number): number {
  const hours = ms / 3_600_000;
  return hours < 10 ? Math.round(hours * 10) / 10 : Math.round(hours);
}

/** What each chart says, in a sentence or two. Nothing to draw has a sentence of its own. */
export const points = {
  bookings({ bookings }: Charts): string | null {
    const counts = bookings.map(({ open, paid, ended }) => open + paid + ended);
    if (sum(counts) === 0) return null;
    const [before, last, now] = [counts.slice(-9, -5), counts.slice(-5, -1), counts.slice(-1)];
    const more = sum(last) - sum(before);
    const compared = more === 0
      ? "as many as"
      : `${Math.abs(more)} ${more > 0 ? "more" : "fewer"} than`;
    return `${bookingsWord(sum(now))} this week so far. ${sum(last)} in the 4 weeks before it, ` +
      `${compared} in the 4 before those.`;
  },
  revenue({ revenue, currency }: Charts): string | null {
    if (sum(revenue) === 0) return null;
    const [last = 0, now = 0] = revenue.slice(-2);
    return `${money(now, currency)} this month so far, ${money(last, currency)} last month, ` +
      `${money(sum(revenue), currency)} in 12 months.`;
  },
  approvals({ approvals, weeks }: Charts): string | null {
    const waits = approvals.flatMap(({ wait }, at) => wait === null ? [] : [{ wait, at }]);
    const [before, last] = [waits.at(-2), waits.at(-1)];
    if (!last) return null;
    const said =
      `Half of the approvals in the week of ${dayWord(weeks[last.at]?.day ?? "")} came ` +
      `within ${hoursWord(last.wait)}`;
    if (!before) return `${said}.`;
    return `${said}; in the week of ${dayWord(weeks[before.at]?.day ?? "")} within ` +
      `${hoursWord(before.wait)}.`;
  },
  workload({ workload }: Charts): string | null {
    if (workload.length === 0) return null;
    const total = `${bookingsWord(sum(workload.map(({ n }) => n)), "open ")}`;
    const [busiest] = workload.filter(({ name }) => name !== null);
    if (!busiest) return `${total}, and nobody in particular looks after them.`;
    if (workload.length === 1) return `${total}, all with ${busiest.name}.`;
    const free = workload.find(({ name }) => name === null)?.n;
    return `${total}. ${busiest.name} has the most, ${busiest.n}` +
      (free ? `; ${free} ${free === 1 ? "belongs" : "belong"} to nobody yet.` : ".");
  },
};
export type ChartName = keyof typeof points;

const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);
const bookingsWord = (n: number, kind = "") => `${n} ${kind}${n === 1 ? "booking" : "bookings"}`;
