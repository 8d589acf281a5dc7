import { Hono } from "hono";
import { z } from "zod";
import { Problem } from "../db/problem.ts";
import { log } from "../jobs/log.ts";
import type { Env } from "./context.ts";
import { limit, reportLimit } from "./limits.ts";

/** Of an address only the site, for the rest may hold a token; "inline" and its like are words. */
const site = z.string().max(2000).transform((blocked) =>
  URL.canParse(blocked) ? new URL(blocked).origin : blocked.match(/^[a-z-]{1,30}$/)?.[0]
);
const report = z.string().transform((text, check) => {
  try {
    return JSON.parse(text);
  } catch {
    check.addIssue({ code: "custom", message: "no JSON" });
  }
}).pipe(z.object({
  "csp-report": z.object({
    "effective-directive": z.string().regex(/^[a-z-]{1,40}$/),
    "blocked-uri": site,
  }),
}));

/** Where browsers tell what the policy of a page has stopped. */
export const policyReportRoutes = new Hono<Env>()
  .post("/csp-report", async (c) => {
    const [text] = await Promise.all([c.req.text(), limit(c, [reportLimit(c)])]);
    const read = report.safeParse(text);
    if (!read.success) throw new Problem("invalid", "This is no report of a browser.");
    const { "effective-directive": directive, "blocked-uri": blocked } = read.data["csp-report"];
    log("warn", "policy_broken", { directive, blocked, requestId: c.var.requestId });
    return c.body(null, 204);
  });
