import type Stripe from "stripe";
import type { Notice } from "../../db/payment_notices.ts";
import type { Payment } from "../../db/payments.ts";
import { fromStripe } from "./stripe_amounts.ts";

/** How an attempt stands at Stripe; null while its page is open. */
export async function standingOf(
  stripe: Stripe,
  payment: Payment,
  now: number,
): Promise<Notice | null> {
  if (!payment.providerRef) return null;
  const session = await stripe.checkout.sessions.retrieve(payment.providerRef, {
    expand: ["payment_intent"],
  });
  if (session.status === "open") return null;
  const intent = session.payment_intent as Stripe.PaymentIntent | null;
  const outcome = outcomeOf(session, intent);
  const currency = session.currency?.toUpperCase() ?? payment.currency;
  return {
    provider: "stripe",
    eventId: `ask:${session.id}:${outcome}`,
    paymentId: payment.id,
    kind: "asked",
    bodyHash: null,
    outcome,
    amount: fromStripe(session.amount_total ?? 0, currency),
    currency,
    at: now,
    providerPayment: intent?.id,
    reason: outcome === "failed" ? intent?.last_payment_error?.code ?? "declined" : undefined,
  };
}

/** A completed session whose money did not come is one of a method that takes days, and may still fail. */
function outcomeOf(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null) {
  if (session.status === "expired") return "expired";
  if (session.payment_status === "paid") return "succeeded";
  const over = ["requires_payment_method", "canceled"].includes(intent?.status ?? "");
  return over ? "failed" : "processing";
}
