import type Stripe from "stripe";
import type { Notice } from "../../db/payment_notices.ts";
import type { Payment } from "../../db/payments.ts";
import { fromStripe } from "./stripe_amounts.ts";
import { idOf } from "./stripe_ids.ts";

type Session = Stripe.Checkout.Session;

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
  const intent = typeof session.payment_intent === "object" ? session.payment_intent : null;
  const outcome = outcomeOf(session, intent);
  if (!outcome) return null;
  return {
    provider: "stripe",
    eventId: `ask:${payment.providerRef}:${outcome}`,
    paymentId: payment.id,
    kind: "asked",
    bodyHash: null,
    outcome,
    ...moneyOf(session, payment),
    at: now,
    providerPayment: idOf(session.payment_intent),
    reason: outcome === "failed" ? intent?.last_payment_error?.code ?? "declined" : undefined,
  };
}

/** A session that does not say what was paid was paid as it was asked for. */
function moneyOf({ currency: code, amount_total: total }: Session, payment: Payment) {
  const currency = code?.toUpperCase() ?? payment.currency;
  const amount = total === null || total === undefined
    ? payment.amountMinor
    : fromStripe(total, currency);
  return { amount, currency };
}

/** A completed session whose money did not come is one of a method that takes days, and may still fail. */
function outcomeOf({ status, payment_status }: Session, intent: Stripe.PaymentIntent | null) {
  if (payment_status === "paid") return "succeeded";
  if (status === "expired") return "expired";
  if (status !== "complete") return null;
  const over = ["requires_payment_method", "canceled"].includes(intent?.status ?? "");
  return over ? "failed" : "processing";
}
