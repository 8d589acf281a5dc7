import { type Context, Hono } from "hono";
import { z } from "zod";
import { pageOf } from "../../db/pages.ts";
import {
  allowAddress,
  listSuppressions,
  stopReasons,
  suppressAddress,
} from "../../db/suppressions.ts";
import { SuppressedPage, SuppressedPanel } from "../../views/admin/suppressed.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { cursor, form } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const PAGE = 50;
const PATH = "/admin/emails/suppressed";
const query = z.object({ before: cursor });
/** `view` is the mail's page that the form was on. */
const address = z.object({
  email: z.email("Write an address."),
  view: z.string().regex(/^\/admin\/emails\/\d{1,15}$/).optional().catch(undefined),
  reason: z.enum(stopReasons).optional().catch(undefined),
});

/** Addresses that get no mail: put on the list by their server's answer or by an admin, who may take them off. */
export const suppressedRoutes = new Hono<Env>()
  .use(allowed("emails"))
  .get("/", (c) => showAddresses(c))
  .post("/", form(address, showAddresses), async (c) => {
    const { email, view, reason } = c.req.valid("form");
    await suppressAddress(c.var.db, email, { ...await byWhom(c), reason });
    return goTo(c, view ?? PATH);
  })
  .post("/release", form(address, showAddresses), async (c) => {
    const { email, view } = c.req.valid("form");
    await allowAddress(c.var.db, email, await byWhom(c));
    return goTo(c, view ?? PATH);
  });

async function showAddresses(c: Context<Env>, form: FormState = emptyForm) {
  const { db, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [who, found] = await Promise.all([
    c.var.person,
    listSuppressions(db, { ...asked, limit: PAGE + 1 }),
  ]);
  const { page: addresses, last } = pageOf(found, PAGE);
  const next = last?.at ?? null;
  const props = { query: asked, addresses, next, form, now, zone: site.agency.timezone };
  return respond(c, {
    page: () => <SuppressedPage site={site} who={who} {...props} />,
    part: () => <SuppressedPanel {...props} />,
  }, form === emptyForm ? 200 : 422);
}
