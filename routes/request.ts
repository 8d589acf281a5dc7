import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Deps, Env } from "./context.ts";

type Variables = Env["Variables"];

/** Gives every request the product's parts, its own number and its one instant. */
export const requestContext = (deps: Deps) =>
  createMiddleware<Env>(async (c, next) => {
    const requestId = crypto.randomUUID();
    holdVariables(c, { ...deps, site: deps.brands.look(), now: deps.clock(), requestId });
    await next();
    c.res.headers.set("X-Request-Id", requestId);
  });

/** Hono makes a copy of all variables each time one is read by `c.var`, which a page does twenty times. */
function holdVariables(c: Context<Env>, given: Partial<Variables>) {
  const variables: Record<string, unknown> = given;
  Object.defineProperties(c, {
    var: { value: variables },
    get: { value: (name: string) => variables[name] },
    set: { value: (name: string, value: unknown) => void (variables[name] = value) },
  });
}

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
