import type { Charts, Stage } from "../../db/charts.ts";
import { decimal, money } from "../format.tsx";
import {
  type ChartName,
  dayWord,
  hoursWord,
  inHours,
  monthWord,
  NOBODY,
  stageWords,
} from "./chart_words.ts";

type Value = string | number | null;
/** A value as people read it, and as it stands in a file. */
type Cell = { shown: string; written: Value };
/** The numbers of a chart. A column has a name in the file and a heading on the page; the first names its row. */
export type ChartTable = { columns: [name: string, heading: string][]; rows: Cell[][] };

const stages = Object.keys(stageWords) as Stage[];

export const chartTables: Record<ChartName, (charts: Charts) => ChartTable> = {
  bookings: ({ weeks, bookings }) => ({
    columns: [["week", "Week of"], ...stages.map((stage) => [stage, stageWords[stage]] as const)]
      .map(([name, heading]) => [name, heading]),
    rows: weeks.map(({ day }, at) => [
      { shown: dayWord(day), written: day },
      ...stages.map((stage) => count(bookings[at]?.[stage] ?? 0)),
    ]),
  }),
  revenue: ({ months, revenue, currency }) => ({
    columns: [["month", "Month"], [`revenue_${currency.toLowerCase()}`, "Revenue"]],
    rows: months.map(({ day }, at) => [
      { shown: monthWord(day, "full"), written: day.slice(0, 7) },
      amount(revenue[at] ?? 0, currency),
    ]),
  }),
  approvals: ({ weeks, approvals }) => ({
    columns: [["week", "Week of"], ["approvals", "Approvals"], ["median_hours", "Median wait"]],
    rows: weeks.map(({ day }, at) => [
      { shown: dayWord(day), written: day },
      count(approvals[at]?.n ?? 0),
      hours(approvals[at]?.wait ?? null),
    ]),
  }),
  workload: ({ workload }) => ({
    columns: [["person", "Looked after by"], ["open_bookings", "Open bookings"]],
    rows: workload.map(({ name, n }) => [{ shown: name ?? NOBODY, written: name }, count(n)]),
  }),
};

const count = (n: number): Cell => ({ shown: String(n), written: n });
const amount = (minor: number, currency: string): Cell => ({
  shown: money(minor, currency),
  written: decimal(minor, currency),
});
const hours = (ms: number | null): Cell =>
  ms === null ? { shown: "none", written: null } : { shown: hoursWord(ms), written: inHours(ms) };

/** The table as CSV (RFC 4180). What a table program would take for a formula is written as text. */
export async function chartCsv({ columns, rows }: ChartTable): Promise<string> {
  const { stringify } = await import("csv-stringify/sync");
  return stringify(rows.map((row) => row.map(({ written }) => written)), {
    ...{ header: true, columns: columns.map(([name]) => name) },
    ...{ bom: true, escape_formulas: true, record_delimiter: "\r\n" },
  });
}
