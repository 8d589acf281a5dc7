import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { countTroubles, findEmailFor, listEmails } from "../../db/email_lists.ts";
import { copyEmail } from "../../db/email_copies.ts";
import { dismissDead, retryEmail, retryEmails } from "../../db/email_repairs.ts";
import { pageOf } from "../../db/pages.ts";
import { notFound, Problem } from "../../db/problem.ts";
import { readReference } from "../../db/reference.ts";
import { emailStatuses, templates } from "../../db/schema.ts";
import { randomToken } from "../../db/tokens.ts";
import { EmailPage, EmailPanel } from "../../views/admin/email.tsx";
import { EmailsPage, EmailsPanel } from "../../views/admin/emails.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { frameMail, respondWithFrame } from "../mail_frames.ts";
import { allowed, permits } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const PAGE = 50;
const id = z.coerce.number().int().positive();
/** Nonsense in an address narrows nothing. */
const query = z.object({
  status: z.enum(emailStatuses).optional().catch(undefined),
  template: z.enum(templates).optional().catch(undefined),
  booking: z.string().transform((typed) => readReference(typed) ?? undefined).optional(),
  before: id.optional().catch(undefined),
});
/** All failed or all dead mails, up to the newest that was on the page. */
const those = z.object({ status: z.enum(["failed", "dead"]), up_to: id })
  .transform(({ status, up_to: upTo }) => ({ status, upTo }));
/** A part of the copy's Message-ID, so only what stands in one. */
const copyKey = z.string().regex(/^[\w-]{1,64}$/).catch(() => randomToken());
type Shown = { notice?: string; status?: ContentfulStatusCode };

export const adminEmailRoutes = new Hono<Env>()
  .get("/", (c) => showEmails(c))
  .post("/dismissal", allowed("emails"), async (c) => {
    const upTo = id.catch(0).parse((await c.req.parseBody()).up_to);
    await dismissDead(c.var.db, { upTo }, await byWhom(c));
    return goTo(c, "/admin/emails");
  })
  .post("/retries", allowed("emails"), async (c) => {
    const asked = those.safeParse(await c.req.parseBody());
    if (!asked.success) throw new Problem("invalid", "Say which mails are to be tried again.");
    await retryEmails(c.var.db, asked.data, await byWhom(c));
    return goTo(c, "/admin/emails");
  })
  .get("/:id{[0-9]{1,15}}", (c) => showEmail(c))
  .get("/:id{[0-9]{1,15}}/html", async (c) => {
    const [, { body }] = await Promise.all([c.var.person, readEmail(c)]);
    if (!body) throw notFound();
    return frameMail(c, body.html);
  })
  .post("/:id{[0-9]{1,15}}/retry", allowed("emails"), async (c) => {
    const onPage = (await c.req.parseBody()).view === addressOf(c);
    const show = onPage ? showEmail : showEmails;
    return await orAsItStands(async () => {
      await retryEmail(c.var.db, idIn(c), await byWhom(c));
      return goTo(c, onPage ? addressOf(c) : "/admin/emails");
    }, (notice) => show(c, { notice, status: 409 }));
  })
  .post("/:id{[0-9]{1,15}}/copies", allowed("emails"), async (c) => {
    const once = copyKey.parse((await c.req.parseBody()).idempotency_key);
    return await orAsItStands(async () => {
      const copy = await copyEmail(c.var.db, idIn(c), { once, ...await byWhom(c) });
      return goTo(c, `/admin/emails/${copy}`);
    }, (notice) => showEmail(c, { notice, status: 409 }));
  })
  .post("/:id{[0-9]{1,15}}/dismissal", allowed("emails"), async (c) => {
    const [by] = await Promise.all([byWhom(c), readEmail(c)]);
    await dismissDead(c.var.db, { id: idIn(c) }, by);
    return goTo(c, addressOf(c));
  });

const idIn = (c: Context<Env>) => Number(c.req.param("id"));
const addressOf = (c: Context<Env>) => `/admin/emails/${idIn(c)}`;
const readEmail = (c: Context<Env>) => findEmailFor(c.var.db, c.var.viewer, idIn(c));

async function showEmail(c: Context<Env>, shown: Shown = {}) {
  const { now, site } = c.var;
  const [who, file] = await Promise.all([c.var.person, readEmail(c)]);
  const idempotencyKey = randomToken();
  const props = { file, notice: shown.notice, idempotencyKey, now, zone: site.agency.timezone };
  const mayRetry = permits(who, "emails");
  return respondWithFrame(c, {
    page: () => <EmailPage {...{ site, who, mayRetry, ...props }} />,
    part: () => <EmailPanel {...{ mayRetry, ...props }} />,
  }, shown.status);
}

async function showEmails(c: Context<Env>, shown: Shown = {}) {
  const { db, viewer, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [who, found, [troubles]] = await Promise.all([
    c.var.person,
    listEmails(db, viewer, { ...asked, limit: PAGE + 1 }),
    countTroubles(db, viewer, now),
  ]);
  const { page: emails, last } = pageOf(found, PAGE);
  const props = {
    ...{ query: asked, statuses: emailStatuses, templates, emails, notice: shown.notice },
    ...{
      next: last?.id ?? null,
      troubles: troubles ?? { dead: 0, late: 0 },
      now,
      zone: site.agency.timezone,
    },
    mayRetry: permits(who, "emails"),
  };
  return respond(c, {
    page: () => <EmailsPage site={site} who={who} {...props} />,
    part: () => <EmailsPanel {...props} />,
  }, shown.status);
}
