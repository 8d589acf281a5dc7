import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { ProblemCode } from "../db/problem.ts";

export const statusOf: Record<ProblemCode, ContentfulStatusCode> = {
  invalid: 422,
  unauthenticated: 401,
  unproven: 403,
  forbidden: 403,
  not_found: 404,
  gone: 410,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
};

type Sizes = { page: () => JSX.Element; part?: () => JSX.Element };

/** One view in the size that was asked for: the whole page, or its part for htmx. */
export function respond(c: Context, sizes: Sizes, status: ContentfulStatusCode = 200) {
  c.header("Vary", "HX-Request, HX-Request-Type");
  if (sizes.part && wantsPart(c)) return c.html(String(sizes.part()), status);
  return c.html(documentOf(sizes.page()), status);
}

export const documentOf = (page: JSX.Element) => `<!doctype html>${page}`;

/** Sends the browser on after a change: 303 for a plain form, HX-Redirect for htmx. */
export function goTo(c: Context, path: string) {
  if (!isHtmx(c)) return c.redirect(path, 303);
  return c.body(null, 200, { "HX-Redirect": path });
}

export const isHtmx = (c: Context) => c.req.header("HX-Request") === "true";
export const wantsPart = (c: Context) => c.req.header("HX-Request-Type") === "partial";
/** A script that wants to know how it went, and no page. */
export const wantsJson = (c: Context) => c.req.header("Accept") === "application/json";

/** What follows the host in an address that begins with http:// or https://, whatever the host is. */
export const pathAndQuery = (url: string) => url.slice(url.indexOf("/", 8));
