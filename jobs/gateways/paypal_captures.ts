import { GatewayError } from "./gateway.ts";
import type { PaypalClient } from "./paypal_client.ts";
import { attemptOf, isClosed, type Order } from "./paypal_facts.ts";
import { closeOrder, pathOf } from "./paypal_orders.ts";

/** How an order stands; one that the payer agreed to is captured, once. */
export async function settledOrder(paypal: PaypalClient, orderId: string): Promise<Order> {
  const order = await paypal.ask<Order>(pathOf(orderId));
  const paymentId = attemptOf(order.purchase_units[0]);
  if (order.status !== "APPROVED" || !paymentId || isClosed(order)) return order;
  try {
    return await paypal.ask<Order>(`${pathOf(orderId)}/capture`, {
      method: "POST",
      requestId: `${paymentId}:capture`,
    });
  } catch (error) {
    return await afterRefusedCapture(paypal, { order, paymentId, error });
  }
}

type Refused = { order: Order; paymentId: string; error: unknown };

/**
 * Another request may have captured it meanwhile. A payer's bank that says no is a fact, not a fault: the attempt
 * is over then, and the payer cannot agree to it once more.
 */
async function afterRefusedCapture(paypal: PaypalClient, { order, paymentId, error }: Refused) {
  if (!(error instanceof GatewayError)) throw error;
  if (error.word === "refused-instrument-declined") {
    await closeOrder(paypal, { id: paymentId, providerRef: order.id });
    return { ...order, status: "DECLINED" };
  }
  const now = await paypal.ask<Order>(pathOf(order.id));
  if (now.status !== "COMPLETED") throw error;
  return now;
}
