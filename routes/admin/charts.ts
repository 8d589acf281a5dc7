import { Hono } from "hono";
import { readCharts } from "../../db/charts.ts";
import { notFound } from "../../db/problem.ts";
import { localTime } from "../../db/quiet_hours.ts";
import { chartCsv, chartTables } from "../../views/admin/chart_tables.ts";
import type { Env } from "../context.ts";
import { attachment } from "../files.ts";
import { chartSpans } from "./chart_spans.ts";

/** The numbers of a chart as a file: of the bookings that the viewer sees, as the overview draws them. */
export const chartRoutes = new Hono<Env>()
  .get("/:file", async (c) => {
    const { db, viewer, now, site } = c.var;
    const { currency, timezone } = site.agency;
    const name = names.find((name) => c.req.param("file") === `${name}.csv`);
    const [charts] = await Promise.all([
      name && readCharts(db, viewer, { ...chartSpans(now, timezone), currency }),
      c.var.person,
    ]);
    if (!name || !charts) throw notFound();
    return c.body(await chartCsv(chartTables[name](charts)), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`${name}-${localTime(now, timezone).day}.csv`),
    });
  });

const names = Object.keys(chartTables) as (keyof typeof chartTables)[];
