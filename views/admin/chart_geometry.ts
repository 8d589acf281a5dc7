import { scaleBand, type ScaleLinear, scaleLinear } from "d3-scale";
import { line, stack } from "d3-shape";

/** The drawing, in its own units; the page scales it. */
export const size = { width: 340, height: 170 };
export const plot = { left: 36, right: 332, top: 10, bottom: 146 };
/** Where horizontal bars stand between the names and the numbers, and how far apart they are. */
export const bars = { left: 122, right: 304, pitch: 22 };

export type Tick = { value: number; y: number };
export type Box = { x: number; y: number; width: number; height: number };
type Upright = { ticks: Tick[]; /** The middle of each place. */ middles: number[] };

/** Columns of one or more layers, from the bottom up; a layer of nothing has no height. */
export function columnsOf(rows: number[][]): Upright & { columns: Box[][] } {
  const places = band(rows.length);
  const y = upwards(rows.map((row) => row.reduce((sum, n) => sum + n, 0)));
  const keys = (rows[0] ?? []).map((_, key) => key);
  const layers = stack<number[], number>().keys(keys).value((row, key) => row[key] ?? 0)(rows);
  const width = round(places.bandwidth());
  const columns = rows.map((_, at) =>
    layers.map((layer) => {
      const [from = 0, to = 0] = layer[at] ?? [];
      const height = round(y(from) - y(to));
      return { x: round(places(at) ?? 0), y: round(y(to)), width, height };
    })
  );
  return { columns, ticks: ticksOf(y), middles: middlesOf(rows.length) };
}

export type Point = { x: number; y: number; at: number };

/** A line through values, broken where there is none. */
export function lineOf(values: (number | null)[]): Upright & { path: string; points: Point[] } {
  const y = upwards(values.map((value) => value ?? 0));
  const middles = middlesOf(values.length);
  const draw = line<number | null>((_, at) => middles[at] ?? 0, (value) => y(value ?? 0))
    .defined((value) => value !== null).digits(1);
  const points = values.flatMap((value, at) =>
    value === null ? [] : [{ x: middles[at] ?? 0, y: round(y(value)), at }]
  );
  return { path: draw(values) ?? "", points, ticks: ticksOf(y), middles };
}

export type Bar = {
  box: Box; /** Where the foot of its words is. */
  foot: number; /** Where it ends. */
  end: number;
};

/** Horizontal bars from the top down, a line for each value, and how high the drawing is with them. */
export function barsOf(values: number[]): { lines: Bar[]; height: number } {
  const x = scaleLinear([0, Math.max(1, ...values)], [0, bars.right - bars.left]);
  const height = 15;
  const lines = values.map((value, at) => {
    const box = { x: bars.left, y: 4 + at * bars.pitch, width: round(x(value)), height };
    return { box, foot: box.y + 12, end: round(box.x + box.width) };
  });
  return { lines, height: 8 + values.length * bars.pitch };
}

/** Each third place counted from the last: as many words as have room. */
export const labelled = <T>(places: T[]): number[] =>
  places.map((_, at) => at).filter((at) => (places.length - 1 - at) % 3 === 0);

const band = (count: number) =>
  scaleBand<number>(Array.from({ length: count }, (_, at) => at), [plot.left, plot.right])
    .padding(0.25);

function middlesOf(count: number): number[] {
  const places = band(count);
  return places.domain().map((at) => round((places(at) ?? 0) + places.bandwidth() / 2));
}

const upwards = (values: number[]) =>
  scaleLinear([0, Math.max(1, ...values)], [plot.bottom, plot.top]).nice(3);

/** Whole numbers only: nobody has half a booking, and money is counted in its smallest unit. */
const ticksOf = (y: ScaleLinear<number, number>): Tick[] =>
  y.ticks(3).filter(Number.isInteger).map((value) => ({ value, y: round(y(value)) }));

const round = (n: number) => Math.round(n * 10) / 10;
