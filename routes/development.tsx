import { Hono } from "hono";
import { findInMailbox, listMailbox } from "../db/mailbox.ts";
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
  .route("/mail/templates", previewRoutes("/dev/mail/templates", { open: true }))
  .get("/mail/:id", async (c) => {
    const mail = await findInMailbox(c.var.db, c.req.param("id"));
    return mail ? frameMail(c, mail.html) : c.notFound();
  });
