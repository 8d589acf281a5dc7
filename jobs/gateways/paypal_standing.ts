import type { Notice } from "../../db/payment_notices.ts";
import type { Payment } from "../../db/payments.ts";
import type { PaypalClient } from "./paypal_client.ts";
import { settledOrder } from "./paypal_captures.ts";
import { factOfOrder } from "./paypal_facts.ts";
import { closeOrder } from "./paypal_orders.ts";

const taking = ["created", "open", "processing"];

/**
 * How an attempt stands at PayPal; null while the payer has done nothing. One that ended here is not captured:
 * that would take money for nothing.
 */
export async function standingOf(
  paypal: PaypalClient,
  payment: Payment,
  now: number,
): Promise<Notice | null> {
  if (!payment.providerRef) return null;
  if (!taking.includes(payment.status)) await closeOrder(paypal, payment);
  const { id, providerRef } = payment;
  const order = await settledOrder(paypal, { id: providerRef, attempt: id });
  const decided = order.status === "COMPLETED";
  const fact = factOfOrder(order) ?? (decided ? null : await overdue(paypal, payment, now));
  if (!fact) return null;
  return {
    ...fact,
    provider: "paypal",
    eventId: `ask:${providerRef}:${fact.outcome}`,
    paymentId: id,
    kind: "asked",
    bodyHash: null,
    at: now,
  };
}

/** PayPal itself sets no end to an order that nobody agreed to. */
async function overdue(paypal: PaypalClient, payment: Payment, now: number) {
  const { expiresAt, amountMinor, currency } = payment;
  if (expiresAt === null || now < expiresAt) return null;
  await closeOrder(paypal, payment);
  return { outcome: "expired" as const, amount: amountMinor, currency };
}
