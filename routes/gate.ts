import { createMiddleware } from "hono/factory";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../db/problem.ts";
import type { Env } from "./context.ts";
import { recordForgery } from "./refusals.ts";

const SAFE = ["GET", "HEAD", "OPTIONS"];
const KNOWN = [...SAFE, "POST"];
const KIB = 1024;

const headers: Record<string, string> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    ...["script-src", "style-src", "img-src", "connect-src", "form-action"].map((name) =>
      `${name} 'self'`
    ),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
};

/** On every answer, errors too. What a handler does not mark as public is private. */
export const securityHeaders = createMiddleware<Env>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
});

/** Unknown methods are refused; unsafe ones must come from a page of ours, whatever their content type. */
export const ownPagesOnly = createMiddleware<Env>(async (c, next) => {
  if (!KNOWN.includes(c.req.method)) return c.body(null, 405, { Allow: KNOWN.join(", ") });
  if (!SAFE.includes(c.req.method) && !isOwn(c.req.header(), c.var.config.origins)) {
    await recordForgery(c);
    throw new Problem("forbidden", "This form was sent from another site, so nothing was done.");
  }
  await next();
});

function isOwn(sent: Record<string, string>, origins: string[]): boolean {
  const { origin, "sec-fetch-site": site } = sent;
  if (site !== undefined && site !== "same-origin") return false;
  return origin === undefined ? site === "same-origin" : origins.includes(origin);
}

export const smallBodies = bodyLimit({
  maxSize: 256 * KIB,
  onError: () => {
    throw new Problem(
      "too_large",
      "That is more than this form takes. Shorten it and send it again.",
    );
  },
});
