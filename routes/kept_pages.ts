import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Catalogue } from "../db/services.ts";
import { codingFor } from "./codings.ts";
import type { Env } from "./context.ts";
import { documentOf } from "./respond.ts";

/**
 * A page that is the same for everybody: kept as bytes until the catalogue changes. `address` is how the site
 * links to it; under any other it is the same page, which is not kept twice.
 */
export async function kept(
  c: Context<Env>,
  address: string,
  render: (catalogue: Catalogue) => JSX.Element,
) {
  const { catalogue, site } = c.var;
  const toText = (catalogue: Catalogue) => documentOf(render(catalogue));
  const page = await catalogue.page(address, { edition: site.edition, render: toText });
  const coding = codingFor(c.req.header("Accept-Encoding"));
  const { body, etag } = await page.as(coding);
  c.header("ETag", etag);
  c.header("Vary", "Accept-Encoding");
  c.header("Cache-Control", "public, max-age=0, must-revalidate");
  c.header("Deno-CDN-Cache-Control", "public, max-age=5, stale-while-revalidate=60");
  if (isKnown(c.req.header("If-None-Match"), etag)) return c.body(null, 304);
  if (coding !== "identity") c.header("Content-Encoding", coding);
  c.set("kept", { address, edition: page.edition, body });
  return c.body(body, 200, { "Content-Type": "text/html; charset=UTF-8" });
}

const isKnown = (sent: string | undefined, etag: string) =>
  sent?.split(",").some((tag) => ["*", etag, `W/${etag}`].includes(tag.trim())) ?? false;
