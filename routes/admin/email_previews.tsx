import { type Context, Hono } from "hono";
import { type Template, templates } from "../../db/schema.ts";
import { PreviewPage, PreviewsPage } from "../../views/admin/email_previews.tsx";
import { sampleMail } from "../../views/emails/samples.ts";
import type { Env } from "../context.ts";
import { frameMail, respondWithFrame } from "../mail_frames.ts";
import { respond } from "../respond.ts";

/** Samples of all mails below `path`: for admins, and on a development machine for everybody. */
export function previewRoutes(path: string, { open = false } = {}): Hono<Env> {
  const sample = (c: Context<Env>, template: Template) => {
    const { agency, brand: { accent }, url } = c.var.site;
    return sampleMail(template, { agency: { ...agency, accent }, url, now: c.var.now });
  };
  const asked = (c: Context<Env>) => templates.find((name) => name === c.req.param("template"));
  const place = async (c: Context<Env>) => {
    const who = open ? undefined : await c.var.person;
    return { site: c.var.site, who, path };
  };
  return new Hono<Env>()
    .get("/", async (c) => {
      const shown = await place(c);
      const subjects = templates.map((name): [Template, string] => [name, sample(c, name).subject]);
      return respond(c, { page: () => <PreviewsPage {...shown} subjects={subjects} /> });
    })
    .get("/:template", async (c) => {
      const [shown, template] = [await place(c), asked(c)];
      if (!template) return c.notFound();
      const mail = sample(c, template);
      return respondWithFrame(c, {
        page: () => <PreviewPage {...{ ...shown, template, mail }} />,
      });
    })
    .get("/:template/html", async (c) => {
      await place(c);
      const template = asked(c);
      return template ? frameMail(c, sample(c, template).html) : c.notFound();
    });
}
