import { Hono } from "hono";
import { findInMailbox, listMailbox } from "../db/mailbox.ts";
import { MailboxPage } from "../views/development.tsx";
import type { Env } from "./context.ts";
import { respond } from "./respond.ts";

/** Never mounted in production. */
export const developmentRoutes = new Hono<Env>()
  .get("/mail", async (c) => {
    const mails = await listMailbox(c.var.db);
    return respond(c, {
      page: () => <MailboxPage site={c.var.site} mails={mails} now={c.var.now} />,
    });
  })
  .get("/mail/:id", async (c) => {
    const mail = await findInMailbox(c.var.db, c.req.param("id"));
    return mail ? c.html(mail.html) : c.notFound();
  });
