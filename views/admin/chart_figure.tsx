import type { Child } from "hono/jsx";
import type { Charts } from "../../db/charts.ts";
import { type Box, labelled, plot, size, type Tick } from "./chart_geometry.ts";
import { type ChartTable, chartTables } from "./chart_tables.ts";
import { type ChartName, points } from "./chart_words.ts";

type FigureProps = {
  name: ChartName;
  title: string;
  /** What the chart says; null where there is nothing to draw. */
  point: string | null;
  /** What will be here, and when. */
  empty: string;
  table: ChartTable;
  children: Child;
};

/** What the figure of one of the charts needs to know. */
export const about = (name: ChartName, charts: Charts) => ({
  ...{ name, point: points[name](charts), table: chartTables[name](charts) },
});

/** A chart with what it says above it and all its numbers below it, for everybody and as a file. */
export function Figure({ name, title, point, empty, table, children }: FigureProps) {
  return (
    <figure class="chart" id={`chart-${name}`}>
      <figcaption>
        <h3>{title}</h3>
        <p class={point === null ? "empty" : undefined}>{point ?? empty}</p>
      </figcaption>
      {point !== null && <div class="chart-drawing">{children}</div>}
      {point !== null && <Numbers name={name} title={title} table={table} />}
    </figure>
  );
}

function Numbers({ name, title, table }: Pick<FigureProps, "name" | "title" | "table">) {
  return (
    <div class="chart-numbers">
      <details>
        <summary>
          Numbers<span class="visually-hidden">: {title}</span>
        </summary>
        <table>
          <thead>
            <tr>{table.columns.map(([, heading]) => <th scope="col">{heading}</th>)}</tr>
          </thead>
          <tbody>{table.rows.map(Row)}</tbody>
        </table>
      </details>
      <a href={`/admin/charts/${name}.csv`} download={`${name}.csv`}>
        CSV<span class="visually-hidden">: {title}</span>
      </a>
    </div>
  );
}

const Row = ([head, ...cells]: ChartTable["rows"][number]) => (
  <tr>
    <th scope="row">{head?.shown}</th>
    {cells.map(({ shown }) => <td>{shown}</td>)}
  </tr>
);

/** The drawing is one picture to a screen reader, which has the sentence above it and the table below. */
export const Drawing = (
  { label, height = size.height, children }: { label: string; height?: number; children: Child },
) => <svg viewBox={`0 0 ${size.width} ${height}`} role="img" aria-label={label}>{children}</svg>;

/** What the tones of a drawing stand for, in order. */
export const Legend = ({ of }: { of: [words: string, tone: string][] }) => (
  <ul class="legend">{of.map(([words, tone]) => <li class={tone}>{words}</li>)}</ul>
);

type AxesProps = {
  ticks: Tick[];
  middles: number[];
  value: (tick: number) => string;
  words: string[];
};

/** Lines to read heights by, and a word below each third place. */
export function Axes({ ticks, middles, value, words }: AxesProps) {
  return (
    <>
      {ticks.map(({ value: tick, y }) => (
        <>
          <path class="chart-line" d={`M${plot.left} ${y}H${plot.right}`} />
          <text x={plot.left - 6} y={y + 4} text-anchor="end">{value(tick)}</text>
        </>
      ))}
      {labelled(middles).map((at) => (
        <text x={middles[at]} y={size.height - 6} text-anchor="middle">{words[at]}</text>
      ))}
    </>
  );
}

/** A piece that stands for a number, in one of the tones; nothing for zero. */
export const Mark = (box: Box, tone?: string) =>
  box.width > 0 && box.height > 0 && <rect class={`${tone} chart-mark`} {...box} />;
