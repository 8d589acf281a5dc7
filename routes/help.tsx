import { type Context, Hono } from "hono";
import { PAY_WITHIN } from "../db/booking_reviews.ts";
import { notFound } from "../db/problem.ts";
import { GuidePage, guides, HelpPage } from "../views/help.tsx";
import { answerHours } from "./book.tsx";
import type { Env } from "./context.ts";
import { kept } from "./kept_pages.ts";
import { readShots } from "./shots.ts";

const DAY = 86_400_000;

export const helpRoutes = new Hono<Env>()
  .get("/help", (c) => kept(c, "/help", () => <HelpPage site={c.var.site} />))
  .get("/help/:guide", async (c) => {
    const guide = guides.get(c.req.param("guide"));
    if (!guide) throw notFound();
    const { shots } = await readShots();
    const told = { shots, ...termsOf(c) };
    return kept(
      c,
      `/help/${guide.name}`,
      () => <GuidePage site={c.var.site} guide={guide} {...told} />,
    );
  })
  .get("/static/help/:file", async (c) => {
    const bytes = (await readShots()).files.get(c.req.path);
    if (!bytes) return c.notFound();
    return c.body(bytes, 200, {
      "Content-Type": "image/webp",
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });

const termsOf = ({ var: { config, gateways } }: Context<Env>) => ({
  ...answerHours(config),
  payDays: PAY_WITHIN / DAY,
  offered: gateways.map(({ method }) => method),
});
