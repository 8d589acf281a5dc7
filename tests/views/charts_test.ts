import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Charts, Span } from "../../db/charts.ts";
import { barsOf, columnsOf, lineOf, size } from "../../views/admin/chart_geometry.ts";
import { ChartsPanel } from "../../views/admin/charts.tsx";
import { HOUR } from "../cast.ts";
import { elementsIn, textOf } from "../marks.ts";

const days = (form: (at: number) => string): Span[] =>
  Array.from({ length: 12 }, (_, at) => ({ day: form(at), from: at, until: at + 1 }));
const twelve = <T>(last: T[], rest: T): T[] => [...Array(12 - last.length).fill(rest), ...last];

const quiet: Charts = {
  weeks: days((at) => new Date(Date.UTC(2026, 0, 5 + 7 * at)).toISOString().slice(0, 10)),
  months: days((at) => new Date(Date.UTC(2025, 3 + at, 1)).toISOString().slice(0, 10)),
  bookings: twelve([], { open: 0, paid: 0, ended: 0 }),
  currency: "USD",
  revenue: twelve([], 0),
  approvals: twelve([], { n: 0, wait: null }),
  workload: [],
};
const busy: Charts = {
  ...quiet,
  bookings: [3, 1, 2, 0, 4, 1, 2, 3, 5, 0, 2, 1].map((n) => ({ open: n, paid: 2 * n, ended: 1 })),
  revenue: twelve([1_000_000, 890_000, 12_345], 0),
  approvals: twelve([{ n: 3, wait: 90 * HOUR }, { n: 0, wait: null }, { n: 1, wait: HOUR }], {
    n: 0,
    wait: null,
  }),
  workload: [{ name: "Ada", n: 9 }, { name: null, n: 4 }, { name: "Zoe", n: 1 }],
};

const drawn = (charts: Charts) => String(ChartsPanel({ charts }));
const figure = (charts: Charts, name: string) =>
  elementsIn(drawn(charts), "figure", `id="chart-${name}"`)[0] ?? "";
const saidBy = (charts: Charts, name: string) =>
  textOf(elementsIn(figure(charts, name), "p", "")[0] ?? "");

Deno.test("each chart says its point, has its numbers for everybody and its file", () => {
  const said = Object.fromEntries(
    ["bookings", "revenue", "approvals", "workload"].map((name) => [name, saidBy(busy, name)]),
  );
  assertEquals(said, {
    bookings: "4 bookings this week so far. 34 in the 4 weeks before it, 9 more than in the 4 " +
      "before those.",
    revenue: "USD 123.45 this month so far, USD 8,900.00 last month, USD 19,023.45 in 12 months.",
    approvals: "Half of the approvals in the week of 23 Mar came within 1 hour; in the week of " +
      "9 Mar within 90 hours.",
    workload: "14 open bookings. Ada has the most, 9; 4 belong to nobody yet.",
  });
  const html = figure(busy, "revenue");
  assertEquals(elementsIn(html, "svg", 'role="img" aria-label="[^"]').length, 1);
  assertStringIncludes(html, 'href="/admin/charts/revenue.csv"');
  const rows = elementsIn(elementsIn(html, "tbody", "")[0] ?? "", "tr", "").map(textOf);
  assertEquals([rows.length, rows[0], rows[11]], [12, "Apr 2025 USD 0.00", "Mar 2026 USD 123.45"]);
  assertStringIncludes(textOf(figure(busy, "approvals")), "9 Mar 3 90 hours 16 Mar 0 none");
  assertStringIncludes(html, "<title>Feb 2026: USD 8,900.00</title>");
});

Deno.test("sentences hold for one, for none and for nobody", () => {
  const one = { ...quiet, bookings: twelve([{ open: 1, paid: 0, ended: 0 }], quiet.bookings[0]) };
  assertEquals(
    saidBy(one as Charts, "bookings"),
    "1 booking this week so far. 0 in the 4 weeks before it, as many as in the 4 before those.",
  );
  const workload = (...shares: Charts["workload"]) =>
    saidBy({ ...busy, workload: shares }, "workload");
  assertEquals(workload({ name: "Ada", n: 1 }), "1 open booking, all with Ada.");
  assertEquals(
    workload({ name: null, n: 2 }),
    "2 open bookings, and nobody in particular looks after them.",
  );
  const wait = (ms: number) =>
    saidBy({ ...busy, approvals: twelve([{ n: 1, wait: ms }], { n: 0, wait: null }) }, "approvals");
  assertStringIncludes(wait(60_000), "came within 1 minute.");
  assertStringIncludes(wait(5.25 * HOUR), "came within 5.3 hours.");
});

Deno.test("where there is nothing to draw, it says what will be there", () => {
  assertStringIncludes(textOf(drawn(quiet)), "drawn here from the first booking on");
  assertEquals(elementsIn(drawn(quiet), "svg", "").length, 0);
  const begun = { ...quiet, workload: busy.workload };
  assertStringIncludes(textOf(figure(begun, "revenue")), "No money has come in for 12 months.");
  assertEquals(elementsIn(drawn(begun), "svg", "").length, 1);
});

Deno.test("a drawing has no style of its own, and a long name stays a name", () => {
  const long = `<b>${"Wolkenstein".repeat(6)}`;
  const workload = Array.from({ length: 9 }, (_, at) => ({ name: `${long}${at}`, n: 9 - at }));
  const html = drawn({ ...busy, workload });
  assertEquals(html.match(/style=|NaN|undefined|<b>/g), null);
  const texts = elementsIn(elementsIn(html, "svg", "Bars")[0] ?? "", "text", "").map(textOf);
  assertEquals([texts.length, texts[0], texts.at(-2), texts.at(-1)], [
    ...[14, "<b>Wolkenstei…", "3 others", "6"],
  ]);
  assertStringIncludes(textOf(html), `${long}8 1`);
});

Deno.test("heights stand for the numbers, and nothing leaves the drawing", () => {
  const { columns, ticks, middles } = columnsOf([[4, 2], [0, 0], [1, 5]]);
  assertEquals(ticks.map(({ value }) => value), [0, 2, 4, 6]);
  const [[four, two], , [one]] = columns as [Boxes, Boxes, Boxes];
  const timesOne = ({ height }: Box) => Math.round(10 * height / one.height) / 10;
  assertEquals([timesOne(four), timesOne(two)], [4, 2]);
  assertEquals(four.y, two.y + two.height);
  assertEquals(middles.length, 3);
  for (const { x, y, width, height } of columns.flat()) {
    assert(x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height);
  }

  const { path, points } = lineOf([1, null, 3, 3]);
  assertEquals([points.map(({ at }) => at), path.match(/M/g)?.length], [[0, 2, 3], 2]);
  const { lines, height } = barsOf([10, 5, 0]);
  assertEquals(lines.map(({ box }) => box.width / (lines[0]?.box.width ?? 0)), [1, 0.5, 0]);
  assert(lines.every(({ box, end }) => box.y + box.height <= height && end <= size.width));
});

type Boxes = [Box, Box];
type Box = ReturnType<typeof columnsOf>["columns"][number][number];
