import type { Context } from "hono";
import { openAttempt } from "../db/payment_pages.ts";
import { isRunning } from "../db/payment_status.ts";
import { startPayment } from "../db/payment_starts.ts";
import type { Payment } from "../db/payments.ts";
import { Problem } from "../db/problem.ts";
import type { Network } from "../db/schema.ts";
import { type Gateway, GatewayError } from "../jobs/gateways/gateway.ts";
import { log } from "../jobs/log.ts";
import type { Env } from "./context.ts";
import type { Visit } from "./doors.ts";
import { goTo } from "./respond.ts";

type Beginning = { gateway: Gateway; network?: Network; idempotencyKey: string };

/**
 * Begins an attempt and leads to where the client pays: our page of it, or the provider's. The attempt is stored
 * before the provider hears of it, and older pages are closed before a new one opens. Throws `unavailable` when the
 * provider does not answer: the same form again goes on with the same attempt.
 */
export async function beginPayment(c: Context<Env>, visit: Visit, by: Beginning) {
  const { db, now } = c.var;
  const { file: { booking, payments }, actor, base } = visit;
  const { gateway, network, idempotencyKey } = by;
  const payment = await startPayment(db, booking, {
    ...{ actor, now, method: gateway.method, payments, idempotencyKey },
    opens: (payment, attempt) => gateway.opens(payment, now, { network }, attempt),
  });
  if (payment.method !== gateway.method) {
    throw new Problem("conflict", "This form was sent already. Load the page again.");
  }
  const page = `${base}/payments/${payment.id}`;
  const waits = payment.status === "created" || payment.status === "open";
  if (!gateway.start || !waits) return goTo(c, page);
  const older = payments.filter((other) => other.id !== payment.id && isRunning(other));
  const closed = await closeAll(c, older);
  const { url, ...made } = await orUnavailable(
    gateway,
    () => gateway.start?.(payment, booking, c.var.site.url + page),
  );
  await openAttempt(db, payment, { ...made, closed, now });
  return goTo(c, url);
}

/** Tells the providers of older attempts that they take no more money; the clock tells those that do not hear. */
async function closeAll(c: Context<Env>, older: Payment[]): Promise<Payment[]> {
  const tried = older.map(async (payment) => {
    const gateway = c.var.gateways.find(({ method }) => method === payment.method);
    if (!gateway?.close || payment.providerRef === null) return [];
    try {
      await gateway.close(payment);
      return [payment];
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      log("warn", "page_not_closed", { payment: payment.id, error: error.word });
      return [];
    }
  });
  return (await Promise.all(tried)).flat();
}

async function orUnavailable<T>({ name, method }: Gateway, work: () => Promise<T> | undefined) {
  try {
    return await work() as NonNullable<T>;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log("warn", "page_not_opened", { method, error: error.word });
    throw new Problem(
      "unavailable",
      `${name} does not answer right now. You have paid nothing. Try again in a minute, or choose another way.`,
    );
  }
}
