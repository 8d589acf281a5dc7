import type { Booking } from "../../db/booking_moves.ts";
import type { Payment } from "../../db/payments.ts";
import { GatewayError, type Started } from "./gateway.ts";
import { toPaypal } from "./paypal_amounts.ts";
import type { PaypalClient } from "./paypal_client.ts";
import { CLOSED, type Order } from "./paypal_facts.ts";

/** Milliseconds after which an order that nobody agreed to is over for us. */
const OPEN_FOR = 3 * 3_600_000;
type Attempt = { payment: Payment; booking: Booking; returnTo: string };

export async function openOrder(paypal: PaypalClient, attempt: Attempt): Promise<Started> {
  const { payment } = attempt;
  const order = await paypal.ask<Order>("/v2/checkout/orders", {
    method: "POST",
    body: orderOf(attempt),
    requestId: `${payment.id}:start`,
  });
  const page = order.links?.find(({ rel }) => rel === "approve" || rel === "payer-action");
  if (!page) throw new GatewayError("refused-no-page", true);
  return { providerRef: order.id, url: page.href, expiresAt: payment.createdAt + OPEN_FOR };
}

/** The amount is the attempt's own, fixed when it began; PayPal takes one capture for an invoice number. */
function orderOf({ payment, booking, returnTo }: Attempt) {
  const description = `${booking.serviceName}, ${booking.reference}`.slice(0, 127);
  const amount = toPaypal(payment.amountMinor, payment.currency);
  return {
    intent: "CAPTURE",
    purchase_units: [{ custom_id: payment.id, invoice_id: payment.id, description, amount }],
    application_context: {
      user_action: "PAY_NOW",
      shipping_preference: "NO_SHIPPING",
      return_url: `${returnTo}?returned=1`,
      cancel_url: returnTo,
    },
  };
}

export const pathOf = (orderId: string) => `/v2/checkout/orders/${encodeURIComponent(orderId)}`;

/** An order that the payer has not paid takes no money from now on. */
export async function closeOrder(
  paypal: PaypalClient,
  { id, providerRef }: Pick<Payment, "id" | "providerRef">,
) {
  if (!providerRef) return;
  const path = "/purchase_units/@reference_id=='default'/custom_id";
  const body = [{ op: "replace", path, value: `${CLOSED}${id}` }];
  try {
    await paypal.ask(pathOf(providerRef), { method: "PATCH", body });
  } catch (error) {
    const { status } = await paypal.ask<Order>(pathOf(providerRef));
    if (["CREATED", "PAYER_ACTION_REQUIRED", "APPROVED"].includes(status)) throw error;
  }
}
