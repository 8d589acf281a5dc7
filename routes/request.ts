import { createMiddleware } from "hono/factory";
import type { Deps, Env } from "./context.ts";

/** Gives every request the product's parts, its own number and its one instant. */
export const requestContext = (deps: Deps) => {
  const parts = Object.entries(deps) as [never, never][];
  return createMiddleware<Env>(async (c, next) => {
    for (const [name, part] of parts) c.set(name, part);
    c.set("site", deps.brands.look());
    c.set("now", deps.clock());
    c.set("requestId", crypto.randomUUID());
    await next();
    c.res.headers.set("X-Request-Id", c.var.requestId);
  });
};

/** Milliseconds in which the answer to a provider leaves: a letter with a receipt would hold it up. */
const HEAD_START = 20;

/** What many send all the time and what leaves no work behind. */
const IDLE = /\/(chat\/(reads|typing)|csp-report)$/;

/** After every change that was accepted the jobs look whether it left them something to do. */
export const nudgeAfterChange = createMiddleware<Env>(async (c, next) => {
  await next();
  if (c.req.method !== "POST" || c.res.status >= 400 || IDLE.test(c.req.path)) return;
  c.var.nudge(c.req.path.startsWith("/hooks/") ? HEAD_START : 0);
});
