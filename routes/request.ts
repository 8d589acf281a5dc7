import { createMiddleware } from "hono/factory";
import type { Deps, Env } from "./context.ts";

/** Gives every request the product's parts, its own number and its one instant. */
export const requestContext = (deps: Deps) => {
  const { config, assets } = deps;
  const site = { agency: config.agency, assets: assets.urls, url: config.url };
  const parts = Object.entries({ ...deps, site }) as [never, never][];
  return createMiddleware<Env>(async (c, next) => {
    for (const [name, part] of parts) c.set(name, part);
    c.set("now", deps.clock());
    c.set("requestId", crypto.randomUUID());
    await next();
    c.res.headers.set("X-Request-Id", c.var.requestId);
  });
};

/** After every change that was accepted the jobs look whether it left them something to do. */
export const nudgeAfterChange = createMiddleware<Env>(async (c, next) => {
  await next();
  if (c.req.method === "POST" && c.res.status < 400) c.var.nudge();
});
