import type { Charts } from "../../db/charts.ts";
import { about, Drawing, Figure, Mark } from "./chart_figure.tsx";
import { type Bar, bars, barsOf } from "./chart_geometry.ts";
import { NOBODY } from "./chart_words.ts";

type Share = Charts["workload"][number];

/** So many lines have room; the rest of a larger team shares the last one. */
const LINES = 7;
/** So many letters of a name have room. */
const LETTERS = 14;

export function Workload({ charts }: { charts: Charts }) {
  const shares = shortened(charts.workload);
  const { lines, height } = barsOf(shares.map(({ n }) => n));
  return (
    <Figure
      {...about("workload", charts)}
      title="Open bookings by person"
      empty="No booking is open. Those to come are drawn here by who looks after them."
    >
      <Drawing label="Bars: open bookings by who looks after them" height={height}>
        {shares.map((share, at) => Line(share, lines[at] as Bar))}
      </Drawing>
    </Figure>
  );
}

function shortened(workload: Share[]): Share[] {
  if (workload.length <= LINES) return workload;
  const rest = workload.slice(LINES - 1);
  const n = rest.reduce((sum, { n }) => sum + n, 0);
  return [...workload.slice(0, LINES - 1), { name: `${rest.length} others`, n }];
}

function Line({ name, n }: Share, { box, foot, end }: Bar) {
  return (
    <g>
      <title>{`${name ?? NOBODY}: ${n}`}</title>
      <text x={bars.left - 8} y={foot} text-anchor="end">{fitting(name ?? NOBODY)}</text>
      {Mark(box, name === null ? "warn" : "accent")}
      <text x={end + 6} y={foot}>{n}</text>
    </g>
  );
}

function fitting(name: string): string {
  const letters = [...name];
  return letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join("")}…` : name;
}
