import type { Charts, Stage } from "../../db/charts.ts";
import { decimal, money } from "../format.tsx";
import { about, Axes, Drawing, Figure, Legend, Mark } from "./chart_figure.tsx";
import { columnsOf, lineOf } from "./chart_geometry.ts";
import { dayWord, hoursWord, monthWord, points, stageWords } from "./chart_words.ts";
import { Workload } from "./workload_chart.tsx";

type ChartProps = { charts: Charts };

/** How the last twelve weeks and months went, drawn here: nothing of it needs a script. */
export const ChartsPanel = ({ charts }: ChartProps) => (
  <section class="stack" id="charts">
    <h2>Trends</h2>
    {Object.values(points).every((pointOf) => pointOf(charts) === null)
      ? <p class="empty">The last weeks and months are drawn here from the first booking on.</p>
      : <All charts={charts} />}
  </section>
);

const All = ({ charts }: ChartProps) => (
  <div class="charts">
    <NewBookings charts={charts} />
    <Revenue charts={charts} />
    <Approvals charts={charts} />
    <Workload charts={charts} />
  </div>
);

/** From the bottom up; the classes are tones, and who sees none of them has the order. */
const layers: [Stage, string][] = [["paid", "good"], ["open", "info"], ["ended", "soft"]];

function NewBookings({ charts }: ChartProps) {
  const { weeks, bookings } = charts;
  const drawn = columnsOf(bookings.map((week) => layers.map(([stage]) => week[stage])));
  const days = weeks.map(({ day }) => dayWord(day));
  const said = (at: number) =>
    layers.map(([stage]) => `${stageWords[stage].toLowerCase()} ${bookings[at]?.[stage]}`).join(
      ", ",
    );
  return (
    <Figure
      {...about("bookings", charts)}
      title="New bookings a week"
      empty="No booking has come in for 12 weeks. New ones are drawn here, week by week."
    >
      <Drawing label="Columns: new bookings of 12 weeks, by how they stand now">
        <Axes {...drawn} words={days} value={compact} />
        {drawn.columns.map((boxes, at) => (
          <g>
            <title>{`Week of ${days[at]}: ${said(at)}`}</title>
            {boxes.map((box, layer) => Mark(box, layers[layer]?.[1]))}
          </g>
        ))}
      </Drawing>
      <Legend of={layers.map(([stage, tone]) => [stageWords[stage], tone])} />
    </Figure>
  );
}

function Revenue({ charts }: ChartProps) {
  const { months, revenue, currency } = charts;
  const drawn = columnsOf(revenue.map((minor) => [minor]));
  return (
    <Figure
      {...about("revenue", charts)}
      title={`Revenue a month in ${currency}`}
      empty="No money has come in for 12 months. What is paid is drawn here, month by month."
    >
      <Drawing label="Columns: revenue of 12 months, less what was sent back">
        <Axes
          {...drawn}
          words={months.map(({ day }) => monthWord(day))}
          value={(minor) => compact(Number(decimal(minor, currency)))}
        />
        {drawn.columns.map(([box], at) => (
          <g>
            <title>
              {`${monthWord(months[at]?.day ?? "", "full")}: ${money(revenue[at] ?? 0, currency)}`}
            </title>
            {box && Mark(box, "accent")}
          </g>
        ))}
      </Drawing>
      <Legend of={[["After refunds", "accent"]]} />
    </Figure>
  );
}

function Approvals({ charts }: ChartProps) {
  const { weeks, approvals } = charts;
  const hours = approvals.map(({ wait }) => wait === null ? null : wait / 3_600_000);
  const { path, points: dots, ...axes } = lineOf(hours);
  const days = weeks.map(({ day }) => dayWord(day));
  return (
    <Figure
      {...about("approvals", charts)}
      title="Hours until approval"
      empty="No booking was approved for 12 weeks. How long clients wait is drawn here, week by week."
    >
      <Drawing label="Line: median hours from booking to approval, for 12 weeks">
        <Axes {...axes} words={days} value={compact} />
        <path class="chart-path" d={path} />
        {dots.map(({ x, y, at }) => (
          <circle class="accent chart-mark" cx={x} cy={y} r="3.5">
            <title>{`Week of ${days[at]}: ${hoursWord(approvals[at]?.wait ?? 0)}`}</title>
          </circle>
        ))}
      </Drawing>
      <Legend of={[["Median of the week", "accent"]]} />
    </Figure>
  );
}

const compact = (n: number) => compactForm.format(n);
const compactForm = new Intl.NumberFormat("en", { notation: "compact" });
