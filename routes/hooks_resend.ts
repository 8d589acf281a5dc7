import { Hono } from "hono";
import { takeBounce } from "../db/bounces.ts";
import { isProblem } from "../db/problem.ts";
import { bounceIn } from "../jobs/gateways/resend_hooks.ts";
import { log } from "../jobs/log.ts";
import type { Env } from "./context.ts";

/** Resend calls when a mail came back, or its reader complained of it. */
export const resendRoutes = new Hono<Env>()
  .post("/", async (c) => {
    const { config: { resendWebhookSecret: secret }, db, now, requestId } = c.var;
    try {
      const raw = { body: await c.req.text(), headers: c.req.raw.headers };
      const bounce = await bounceIn(raw, secret, now);
      if (bounce) await takeBounce(db, bounce, now);
      return c.text(bounce ? "taken" : "not used");
    } catch (error) {
      if (!isProblem(error, "unauthenticated")) throw error;
      log("warn", "forged_hook", { method: "resend", requestId });
      return c.text("The signature is missing or wrong.", 401);
    }
  });
