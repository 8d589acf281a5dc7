import type { Trend, Trends } from "../../db/trends.ts";
import { money } from "../format.tsx";

const WEEK = "in 7 days";
const WEEKS = "the 7 before";

/** What each number of the overview did lately, compared with as many days before. */
export const trendWords = {
  came: ({ came }: Trends) => `${came.last} new ${WEEK}, ${compared(came, WEEKS)}`,
  approved: ({ approved }: Trends, currency: string) =>
    `${money(approved.last, currency)} approved ${WEEK}, ` +
    compared(approved, WEEKS, (minor) => money(minor, currency)),
  started: ({ started }: Trends) => `${started.last} begun ${WEEK}, ${compared(started, WEEKS)}`,
  completed: ({ completed }: Trends) => compared(completed, "by this day last month"),
};

function compared({ last, before }: Trend, when: string, say: (n: number) => string = String) {
  const more = last - before;
  if (more === 0) return when.startsWith("by") ? `as many as ${when}` : `the same as ${when}`;
  const word = more > 0 ? "more" : say === String ? "fewer" : "less";
  return `${say(Math.abs(more))} ${word} than ${when}`;
}
