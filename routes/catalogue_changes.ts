import { createMiddleware } from "hono/factory";
import type { Env } from "./context.ts";

/** Whoever changes the catalogue sees it changed at once; other processes follow within seconds. */
export const showsCatalogueAnew = createMiddleware<Env>(async (c, next) => {
  await next();
  if (c.req.method === "POST" && c.res.status < 400) c.var.catalogue.forget();
});
