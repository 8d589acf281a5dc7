import { Hono } from "hono";
import { readDashboard } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { listUnread } from "../../db/chat_unread.ts";
import { readCharts } from "../../db/charts.ts";
import { readTrends } from "../../db/trends.ts";
import { listHeartbeats } from "../../db/job_runs.ts";
import { DashboardPage, DashboardPanel } from "../../views/admin/dashboard.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond } from "../respond.ts";
import { chartSpans } from "./chart_spans.ts";
import { missedJobs } from "./jobs.tsx";

export const dashboardRoutes = new Hono<Env>()
  .get("/", async (c) => {
    const { db, now, site, config } = c.var;
    const { currency, timezone: zone } = site.agency;
    const spans = chartSpans(now, zone);
    const [who, read, heartbeats, unread, lately, charts, { ChartsPanel }] = await Promise.all([
      c.var.person,
      readDashboard(db, c.var.viewer, now),
      listHeartbeats(db),
      listUnread(db, c.var.viewer, 10),
      readTrends(db, c.var.viewer, { now, months: spans.months, currency }),
      readCharts(db, c.var.viewer, { ...spans, currency }),
      // Loaded here, so that no other page's first answer waits for what draws.
      import("../../views/admin/charts.tsx"),
    ]);
    const board = permits(who, "payments") ? read : { ...read, paymentsToReview: 0 };
    const mailMissing = config.production && !config.mail.smtpUrl && !config.resendApiKey;
    const missed = permits(who, "jobs") ? missedJobs(heartbeats, now) : [];
    const trends = <ChartsPanel charts={charts} />;
    const props = {
      ...{ board, statuses, mailMissing, missed, currency, now, zone, trends, unread, lately },
    };
    return respond(c, {
      page: () => <DashboardPage site={site} who={who} {...props} />,
      part: () => <DashboardPanel {...props} />,
    });
  });
