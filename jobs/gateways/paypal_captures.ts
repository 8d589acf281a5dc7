import { GatewayError } from "./gateway.ts";
import type { PaypalClient } from "./paypal_client.ts";
import { captureOf, isClosed, type Order } from "./paypal_facts.ts";
import { closeOrder, pathOf } from "./paypal_orders.ts";

/** An order, and the attempt that it was made for. */
export type Known = { id: string; attempt: string };

/** How an order stands; one that the payer agreed to is captured, once. */
export async function settledOrder(paypal: PaypalClient, { id, attempt }: Known): Promise<Order> {
  const order = await paypal.ask<Order>(pathOf(id));
  return await captured(paypal, order, attempt);
}

/** The order, captured if it may be: PayPal may answer that in few words, and is asked for the rest then. */
export async function captured(paypal: PaypalClient, order: Order, attempt: string) {
  if (order.status !== "APPROVED" || isClosed(order)) return order;
  const { id } = order;
  try {
    const told = await paypal.ask<Order>(`${pathOf(id)}/capture`, {
      method: "POST",
      body: {},
      requestId: `${attempt}:capture`,
    });
    return captureOf(told) ? told : await paypal.ask<Order>(pathOf(id));
  } catch (error) {
    return await afterRefusedCapture(paypal, { order, attempt, error });
  }
}

type Refused = { order: Order; attempt: string; error: unknown };

/**
 * Another request may have captured it meanwhile. A payer's bank that says no is a fact, not a fault: the attempt
 * is over then, and the payer cannot agree to it once more.
 */
async function afterRefusedCapture(paypal: PaypalClient, { order, attempt, error }: Refused) {
  if (!(error instanceof GatewayError)) throw error;
  if (error.word === "refused-instrument-declined") {
    await closeOrder(paypal, { id: attempt, providerRef: order.id });
    return { ...order, status: "DECLINED" };
  }
  const now = await paypal.ask<Order>(pathOf(order.id));
  if (now.status !== "COMPLETED") throw error;
  return now;
}
