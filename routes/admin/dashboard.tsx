import { Hono } from "hono";
import { readDashboard } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { DashboardPage, DashboardPanel } from "../../views/admin/dashboard.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond } from "../respond.ts";

export const dashboardRoutes = new Hono<Env>()
  .get("/", async (c) => {
    const { db, now, site, config } = c.var;
    const [who, read] = await Promise.all([c.var.person, readDashboard(db, c.var.viewer, now)]);
    const board = permits(who, "payments") ? read : { ...read, paymentsToReview: 0 };
    const mailMissing = config.production && !config.mail.smtpUrl;
    const { currency, timezone: zone } = site.agency;
    const props = { board, statuses, mailMissing, currency, now, zone };
    return respond(c, {
      page: () => <DashboardPage site={site} who={who} {...props} />,
      part: () => <DashboardPanel {...props} />,
    });
  });
