import { type Context, Hono } from "hono";
import { OfflinePage } from "../views/offline.tsx";
import type { Env } from "./context.ts";
import { kept } from "./kept_pages.ts";
import { documentOf } from "./respond.ts";

const worker = await Deno.readTextFile(new URL("../static/sw.js", import.meta.url));
const PATH = "/offline";

/** What a browser keeps for times without network, and the script that keeps it. */
export const offlineRoutes = new Hono<Env>()
  .get(PATH, (c) => kept(c, PATH, () => pageOf(c)))
  .get("/sw.js", async (c) => {
    const { site: { assets, brand, edition }, catalogue } = c.var;
    const page = await catalogue.page(PATH, { edition, render: () => documentOf(pageOf(c)) });
    const files = [PATH, assets.css, brand.theme, brand.logo?.src].filter(Boolean);
    const facts = { EDITION: (await page.as("identity")).etag, FILES: files };
    const lines = Object.entries(facts).map(([name, value]) =>
      `const ${name} = ${JSON.stringify(value)};\n`
    );
    return c.body(lines.join("") + worker, 200, {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "public, max-age=0, must-revalidate",
    });
  });

const pageOf = (c: Context<Env>) => <OfflinePage site={c.var.site} />;
