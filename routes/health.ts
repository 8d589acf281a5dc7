import { Hono } from "hono";
import { guides } from "../views/help.tsx";
import type { Env } from "./context.ts";

export const healthRoutes = new Hono<Env>()
  .get("/livez", (c) => c.text("ok"))
  .get("/readyz", async (c) => {
    try {
      await c.var.db.$client.execute("select 1");
      return c.text("ok");
    } catch {
      return c.text("the database does not answer", 503);
    }
  })
  .get(
    "/robots.txt",
    (c) => c.text(`User-agent: *\nDisallow: /admin\nSitemap: ${c.var.config.url}/sitemap.xml\n`),
  )
  .get("/sitemap.xml", async (c) => {
    const { categories } = await c.var.catalogue.read();
    const slugs = categories.flatMap((category) => category.services).map(({ slug }) =>
      `/services/${slug}`
    );
    const help = ["/help", ...[...guides.keys()].map((name) => `/help/${name}`)];
    const urls = ["/", "/services", "/book", ...slugs, ...help].map((path) =>
      `<url><loc>${c.var.config.url}${path}</loc></url>`
    );
    const xml = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${
      urls.join("")
    }</urlset>`;
    return c.body(xml, 200, { "Content-Type": "application/xml; charset=utf-8" });
  })
  .get("/.well-known/change-password", (c) => c.redirect("/reset-password", 303))
  .get("/.well-known/security.txt", (c) => {
    const expires = new Date(c.var.now + 180 * 86_400_000).toISOString();
    return c.text(`Contact: mailto:${c.var.config.agency.email}\nExpires: ${expires}\n`);
  });
