import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { listEmails, retryEmail } from "../../db/emails.ts";
import { isProblem } from "../../db/problem.ts";
import { emailStatuses } from "../../db/schema.ts";
import { EmailsPage, EmailsPanel } from "../../views/admin/emails.tsx";
import { actorOf, type Env } from "../context.ts";
import { allowed, permits } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const PAGE = 50;
const query = z.object({
  status: z.enum(emailStatuses).optional().catch(undefined),
  before: z.coerce.number().int().positive().optional().catch(undefined),
});

export const adminEmailRoutes = new Hono<Env>()
  .get("/", (c) => showEmails(c))
  .post("/:id{[0-9]{1,15}}/retry", allowed("emails"), async (c) => {
    const by = { actor: actorOf(await c.var.person), now: c.var.now };
    try {
      await retryEmail(c.var.db, Number(c.req.param("id")), by);
    } catch (error) {
      if (!isProblem(error, "conflict")) throw error;
      return await showEmails(c, { notice: error.message, status: 409 });
    }
    return goTo(c, "/admin/emails");
  });

async function showEmails(
  c: Context<Env>,
  shown: { notice?: string; status?: ContentfulStatusCode } = {},
) {
  const { db, viewer, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [who, found] = await Promise.all([
    c.var.person,
    listEmails(db, viewer, { ...asked, limit: PAGE + 1 }),
  ]);
  const emails = found.slice(0, PAGE);
  const next = found.length > PAGE ? emails.at(-1)?.id ?? null : null;
  const props = {
    ...{ query: asked, statuses: emailStatuses, emails, next, notice: shown.notice },
    ...{ now, zone: site.agency.timezone, mayRetry: permits(who, "emails") },
  };
  return respond(c, {
    page: () => <EmailsPage site={site} who={who} {...props} />,
    part: () => <EmailsPanel {...props} />,
  }, shown.status);
}
