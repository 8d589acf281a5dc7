import { type Context, Hono } from "hono";
import { readLogoBytes } from "../db/brand.ts";
import { themeCss } from "../views/themes.ts";
import { endings } from "./brand_cache.ts";
import type { Env } from "./context.ts";

const FOR_EVER = "public, max-age=31536000, immutable";

/** What pages link to of the agency's own; each name says what is behind it, so it never changes. */
export const brandRoutes = new Hono<Env>().get("/brand/:file", async (c) => {
  const [, kind, name = "", ending = ""] =
    c.req.param("file").match(/^(theme|logo)-([0-9a-f]+)\.(\w+)$/) ?? [];
  if (kind === "theme" && name.length === 24 && ending === "css") return sendTheme(c, name);
  return kind === "logo" ? await sendLogo(c, name, ending) : c.notFound();
});

const sendTheme = (c: Context<Env>, name: string) =>
  c.body(themeCss(name), 200, {
    "Content-Type": "text/css; charset=utf-8",
    "Cache-Control": FOR_EVER,
  });

async function sendLogo(c: Context<Env>, hash: string, ending: string) {
  const type = Object.keys(endings).find((type) => endings[type] === ending);
  const bytes = type ? await readLogoBytes(c.var.db, hash) : null;
  if (!bytes || !type) return c.notFound();
  return c.body(bytes, 200, {
    "Content-Type": type,
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": FOR_EVER,
  });
}
