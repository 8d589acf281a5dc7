import { Hono } from "hono";
import { statuses } from "../db/booking_status.ts";
import { findInMailbox, listMailbox } from "../db/mailbox.ts";
import { paymentStatuses, urgencies } from "../db/schema.ts";
import { ComponentsPage } from "../views/components/page.tsx";
import { charts as sampleCharts } from "../views/components/samples.ts";
import { MailboxPage } from "../views/development.tsx";
import { previewRoutes } from "./admin/email_previews.tsx";
import type { Env } from "./context.ts";
import { frameMail } from "./mail_frames.ts";
import { respond } from "./respond.ts";

/** Never mounted in production. */
export const developmentRoutes = new Hono<Env>()
  .get("/mail", async (c) => {
    const mails = await listMailbox(c.var.db);
    return respond(c, {
      page: () => <MailboxPage site={c.var.site} mails={mails} now={c.var.now} />,
    });
  })
  .get("/components", async (c) => {
    const { site, now } = c.var;
    // What draws is heavy, and only these pages need it.
    const { ChartsPanel } = await import("../views/admin/charts.tsx");
    const charts = <ChartsPanel charts={sampleCharts(now)} />;
    const words = { statuses, payments: paymentStatuses, urgencies };
    return respond(c, { page: () => <ComponentsPage {...{ site, now, charts, ...words }} /> });
  })
  .route("/mail/templates", previewRoutes("/dev/mail/templates", { open: true }))
  .get("/mail/:id", async (c) => {
    const mail = await findInMailbox(c.var.db, c.req.param("id"));
    return mail ? frameMail(c, mail.html) : c.notFound();
  });
