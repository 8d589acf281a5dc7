import { type Context, Hono } from "hono";
import { PAY_WITHIN } from "../db/booking_reviews.ts";
import { notFound, Problem } from "../db/problem.ts";
import type { Service } from "../db/services.ts";
import { HomePage, type Terms } from "../views/home.tsx";
import { LegalPage } from "../views/legal.tsx";
import { ServicePage } from "../views/service.tsx";
import { ServicesPage } from "../views/services.tsx";
import { answerHours } from "./book.tsx";
import { addressOf, choicesOf, wishOf, within } from "./catalogue_filters.ts";
import type { Env } from "./context.ts";
import { kept } from "./kept_pages.ts";

const DAY = 86_400_000;

export const homeRoutes = new Hono<Env>()
  .get(
    "/",
    (c) =>
      kept(
        c,
        "/",
        ({ categories }) => (
          <HomePage site={c.var.site} categories={categories} terms={termsOf(c)} />
        ),
      ),
  )
  .get("/services", async (c) => {
    const { category, price } = c.req.query();
    const wish = wishOf((await c.var.catalogue.read()).categories, { category, price });
    return kept(c, addressOf(wish.category, wish.range.key), ({ categories }) => (
      <ServicesPage
        site={c.var.site}
        categories={within(categories, wish)}
        {...choicesOf(categories, wish, c.var.site.agency.currency)}
      />
    ));
  })
  .get("/legal", (c) => {
    const text = c.var.site.brand.legal;
    if (!text) throw notFound();
    return kept(c, "/legal", () => <LegalPage site={c.var.site} text={text} />);
  })
  .get("/services/:slug", async (c) => {
    const { bySlug } = await c.var.catalogue.read();
    const known = offered(bySlug.get(c.req.param("slug")));
    return kept(c, `/services/${known.slug}`, ({ categories, bySlug }) => {
      // Of the catalogue that the page is kept under: it may be a newer one than a moment ago.
      const service = bySlug.get(known.slug) ?? known;
      const category = categories.find(({ id }) => id === service.categoryId);
      return (
        <ServicePage site={c.var.site} {...{ service, category }} terms={termsOf(c, service)} />
      );
    });
  });

function offered(service: Service | undefined): Service {
  if (service?.state === "active") return service;
  if (service?.state !== "archived") throw notFound();
  throw new Problem("gone", `${service.name} is no longer offered. See the services we offer now.`);
}

function termsOf(c: Context<Env>, service?: Service): Terms {
  const { config, gateways } = c.var;
  return {
    ...answerHours(config, service),
    payDays: PAY_WITHIN / DAY,
    methods: gateways.map((gateway) => gateway.name),
  };
}
