import { type Context, Hono } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import { PAY_WITHIN } from "../db/booking_reviews.ts";
import { notFound, Problem } from "../db/problem.ts";
import type { Catalogue, Category, Service } from "../db/services.ts";
import { money } from "../views/format.tsx";
import { HomePage, type Terms } from "../views/home.tsx";
import { ServicePage, ServicesPage } from "../views/services.tsx";
import { answerHours } from "./book.tsx";
import type { Env } from "./context.ts";
import { documentOf } from "./respond.ts";

const DAY = 86_400_000;

export const homeRoutes = new Hono<Env>()
  .get(
    "/",
    (c) =>
      kept(
        c,
        "home",
        ({ categories }) => (
          <HomePage site={c.var.site} categories={categories} terms={termsOf(c)} />
        ),
      ),
  )
  .get("/services", (c) => {
    const asked = c.req.query("price");
    const chosen = ranges.find(({ key }) => key === asked) ?? everything;
    return kept(c, `services ${chosen.key}`, ({ categories }) => (
      <ServicesPage
        site={c.var.site}
        categories={within(categories, chosen)}
        bands={bandsOf(c.var.site.agency.currency, chosen)}
      />
    ));
  })
  .get("/services/:slug", async (c) => {
    const { bySlug } = await c.var.catalogue.read();
    const known = offered(bySlug.get(c.req.param("slug")));
    return kept(c, `service ${known.slug}`, ({ categories, bySlug }) => {
      // Of the catalogue that the page is kept under: it may be a newer one than a moment ago.
      const service = bySlug.get(known.slug) ?? known;
      const category = categories.find(({ id }) => id === service.categoryId);
      return (
        <ServicePage site={c.var.site} {...{ service, category }} terms={termsOf(c, service)} />
      );
    });
  });

/** A page that is the same for everybody: kept as bytes until the catalogue changes. */
async function kept(c: Context<Env>, key: string, render: (catalogue: Catalogue) => JSX.Element) {
  const page = await c.var.catalogue.page(key, (catalogue) => documentOf(render(catalogue)));
  c.header("ETag", page.etag);
  c.header("Cache-Control", "public, max-age=0, must-revalidate");
  const known = c.req.header("If-None-Match")?.split(",").map((tag) => tag.trim());
  const same = known?.some((tag) => tag.replace(/^W\//, "") === page.etag || tag === "*");
  return same ? c.body(null, 304) : c.html(page.body);
}

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

/** Prices in minor units, from (inclusive) and to (exclusive). */
type Range = { key: string; from: number; to: number };
const everything: Range = { key: "all", from: 0, to: Infinity };
const ranges: Range[] = [
  { key: "small", from: 1, to: 50_000 },
  { key: "middle", from: 50_000, to: 200_000 },
  { key: "large", from: 200_000, to: Infinity },
  { key: "open", from: 0, to: 1 },
];

/** Without a listed price a service counts as 0. */
const within = (categories: Category[], { from, to }: Range) =>
  categories.map((category) => ({
    ...category,
    services: category.services.filter(({ priceMinor }) =>
      (priceMinor ?? 0) >= from && (priceMinor ?? 0) < to
    ),
  })).filter(({ services }) => services.length > 0);

function bandsOf(currency: string, chosen: Range) {
  const names: Record<string, string> = {
    all: "All prices",
    small: `Under ${money(50_000, currency)}`,
    middle: `${money(50_000, currency)} to ${money(200_000, currency)}`,
    large: `From ${money(200_000, currency)}`,
    open: "Price after review",
  };
  return [everything, ...ranges].map(({ key }) => ({
    name: names[key] ?? key,
    href: key === "all" ? "/services" : `/services?price=${key}`,
    chosen: key === chosen.key,
  }));
}
