import type { Context } from "hono";
import { takeNotice } from "../db/payment_notices.ts";
import { claimAsk } from "../db/payment_pages.ts";
import type { Payment } from "../db/payments.ts";
import { isProblem } from "../db/problem.ts";
import { type Gateway, GatewayError } from "../jobs/gateways/gateway.ts";
import { log, nameOf } from "../jobs/log.ts";
import { within } from "../jobs/patience.ts";
import type { Env } from "./context.ts";

/** Milliseconds that a page waits for what a provider says: it asks again by itself. */
const PATIENCE = 3000;

/** Whether the provider may know more of an attempt than we do; for who comes back from its page it is asked now. */
export function asksOf(c: Context<Env>, payment: Payment): "now" | "offered" | null {
  if (!mayAsk(payment, gatewayOf(c, payment))) return null;
  return c.req.query("returned") === "1" ? "now" : "offered";
}

const gatewayOf = (c: Context<Env>, { method }: Payment) =>
  c.var.gateways.find((gateway) => gateway.method === method);

const mayAsk = ({ status, providerRef }: Payment, gateway: Gateway | undefined) =>
  gateway?.ask !== undefined && providerRef !== null &&
  ["created", "open", "processing"].includes(status);

/**
 * Asks the provider how an attempt stands, unless somebody did a moment ago. One that does not answer leaves it as
 * it is: its call or the clock brings the news.
 */
export async function askOnce(c: Context<Env>, payment: Payment) {
  const { db, now } = c.var;
  const gateway = gatewayOf(c, payment);
  if (!mayAsk(payment, gateway) || !await claimAsk(db, payment, now)) return;
  try {
    const notice = await gateway?.ask?.(payment, now);
    if (notice) await takeNotice(db, notice, now);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log("warn", "not_asked", { payment: payment.id, error: error.word });
  }
}

/**
 * Asks for who comes back from the provider's page, for a moment: so they see how it ended, without JavaScript too.
 * It is the same question that the button and the clock ask, and writes what they would.
 */
export async function askForReturned(c: Context<Env>, payment: Payment) {
  if (c.req.method === "HEAD" || asksOf(c, payment) !== "now") return;
  try {
    await within(PATIENCE, () => askOnce(c, payment), () => new GatewayError("timeout", false));
  } catch (error) {
    if (!(error instanceof GatewayError) && !isProblem(error, "conflict")) throw error;
    log("warn", "not_asked", { payment: payment.id, error: nameOf(error) });
  }
}
