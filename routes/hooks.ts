import { type Context, Hono } from "hono";
import { findAttemptNamed } from "../db/payment_finders.ts";
import { takeNotice } from "../db/payment_notices.ts";
import { isProblem } from "../db/problem.ts";
import type { PaymentMethod } from "../db/schema.ts";
import { type Gateway, GatewayError, type Named } from "../jobs/gateways/gateway.ts";
import { log } from "../jobs/log.ts";
import type { Env } from "./context.ts";
import { unlessForging } from "./forged_hooks.ts";

/** What payment providers call: signed, without a session, from anywhere. */
export const hookRoutes = new Hono<Env>()
  .post("/stripe", (c) => take(c, "stripe"))
  .post("/paypal", (c) => take(c, "paypal"));

/**
 * A call is answered 200 once what it says is kept, or is nothing to us; 400 where it is not signed for us, 429
 * after many of those; 503 or 500 where it must come again.
 */
async function take(c: Context<Env>, method: PaymentMethod) {
  const gateway = c.var.gateways.find((gateway) => gateway.method === method);
  if (!gateway?.verify) return refuse(c, method);
  try {
    return c.text(await taken(c, gateway));
  } catch (error) {
    if (isProblem(error, "unauthenticated")) return refuse(c, method);
    if (isProblem(error, "too_many")) {
      return c.text("too many forged calls", 429, { "Retry-After": String(error.retryAfter) });
    }
    if (!(error instanceof GatewayError)) throw error;
    log("warn", "hook", { method, error: error.word, requestId: c.var.requestId });
    return c.text("come again", 503, { "Retry-After": "60" });
  }
}

async function taken(c: Context<Env>, gateway: Gateway): Promise<string> {
  const { db, now, requestId } = c.var;
  const raw = { body: await c.req.text(), headers: c.req.raw.headers };
  const whose = (named: Named) => findAttemptNamed(db, gateway.method, named);
  const verify = async () => await gateway.verify?.(raw, now, whose);
  const notice = gateway.asksToVerify ? await unlessForging(c, verify) : await verify();
  if (!notice) return "not used";
  const effect = await takeNotice(db, notice, now);
  if (effect === "unknown") {
    const { provider, kind, eventId } = notice;
    log("warn", "unknown_payment", { provider, kind, eventId, requestId });
  }
  return effect;
}

function refuse(c: Context<Env>, method: PaymentMethod) {
  log("warn", "forged_hook", { method, requestId: c.var.requestId });
  return c.text("not signed for us", 400);
}
