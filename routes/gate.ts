import { createMiddleware } from "hono/factory";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../db/problem.ts";
import { MOST_FILES } from "../db/chat_files.ts";
import { MAX_FILE } from "../db/file_checks.ts";
import { MAX_STATEMENT } from "../jobs/statements.ts";
import { tooLarge } from "./bodies.ts";
import type { Env } from "./context.ts";
import { recordForgery } from "./refusals.ts";

const SAFE = ["GET", "HEAD", "OPTIONS"];
const KNOWN = [...SAFE, "POST"];
const KIB = 1024;

/** A form to pay leads on to a provider's page, and browsers hold the policy against that too. */
const policyWith = (pages: string[]) =>
  [
    "default-src 'none'",
    ...["script-src", "style-src", "img-src", "connect-src", "manifest-src"].map((name) =>
      `${name} 'self'`
    ),
    ["form-action 'self'", ...pages].join(" "),
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "report-uri /csp-report",
  ].join("; ");

/** What a page of ours may do, where it leads nowhere else. */
export const policy = policyWith([]);

const headers: Record<string, string> = {
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
};

/**
 * On every answer, errors too. What a handler does not mark as public is private; a policy of its own, which may
 * only be stricter, it keeps.
 */
export const securityHeaders = createMiddleware<Env>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  if (!c.res.headers.has("Content-Security-Policy")) {
    const pages = c.var.gateways.flatMap(({ pages = [] }) => pages);
    c.res.headers.set("Content-Security-Policy", policyWith(pages));
  }
  if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "private, no-store");
});

/** Unknown methods are refused; unsafe ones must come from a page of ours, whatever their content type. */
export const ownPagesOnly = createMiddleware<Env>(async (c, next) => {
  const { method } = c.req;
  if (!KNOWN.includes(method)) return c.body(null, 405, { Allow: KNOWN.join(", ") });
  if (method === "OPTIONS") return c.body(null, 204, { Allow: KNOWN.join(", ") });
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

/** What the forms with files may send; the fields beside them are small. */
const withFile: [path: RegExp, size: number, streamed?: boolean][] = [
  [/^\/(bookings|status)\/[^/]+\/payments\/[^/]+\/proof$/, MAX_FILE, true],
  [/^(\/admin)?\/bookings\/[^/]+\/chat\/messages$/, MOST_FILES * MAX_FILE, true],
  [/^\/admin\/payments\/statements$/, MAX_STATEMENT],
];

/**
 * Refuses what is larger than any form may be, before it is read. What does not say how large it is would be read
 * here to find out: files that are kept as they come are counted there, see `takeFiles`.
 */
export const smallBodies = createMiddleware<Env>(async (c, next) => {
  const [, size = 0, streamed] = withFile.find(([path]) => path.test(c.req.path)) ?? [];
  if (streamed && c.req.header("content-length") === undefined) return await next();
  return await limits(SMALL + size)(c, next);
});

const SMALL = 256 * KIB;

const limits = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge();
    },
  });

/** For a form without files, where one with files may be larger. */
export const smallBody = limits(SMALL);
