import { type Context, Hono } from "hono";
import { z } from "zod";
import { type AuditFilter, listAudit } from "../../db/audit.ts";
import { actorKinds } from "../../db/booking_status.ts";
import { pageOf } from "../../db/pages.ts";
import { AuditPage, AuditPanel } from "../../views/admin/audit.tsx";
import type { Env } from "../context.ts";
import { cursor } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { respond } from "../respond.ts";

const PAGE = 50;
const word = (shape: RegExp) => z.string().trim().regex(shape).optional().catch(undefined);

/** Nonsense in an address narrows nothing. */
const query = z.object({
  action: word(/^[\w.]{1,60}$/),
  subject: word(/^[^\p{Cc}]{1,254}$/u),
  actor: word(new RegExp(`^(${actorKinds.join("|")}) \\d{1,15}$`)),
  before: cursor,
});

/** Who did what; owners and managers read it, nobody changes it. */
export const auditRoutes = new Hono<Env>()
  .use(allowed("audit"))
  .get("/", async (c: Context<Env>) => {
    const { db, now, site } = c.var;
    const asked = query.parse(c.req.query());
    const filter = { ...asked, actor: actorNamed(asked.actor), limit: PAGE + 1 };
    const [who, found] = await Promise.all([c.var.person, listAudit(db, filter)]);
    const { page: entries, last } = pageOf(found, PAGE);
    const next = last?.id ?? null;
    const props = { query: asked, entries, next, now, zone: site.agency.timezone };
    return respond(c, {
      page: () => <AuditPage site={site} who={who} {...props} />,
      part: () => <AuditPanel {...props} />,
    });
  });

function actorNamed(text?: string): AuditFilter["actor"] {
  const [name, id] = text?.split(" ") ?? [];
  const kind = actorKinds.find((kind) => kind === name);
  return kind && { kind, id: Number(id) };
}
