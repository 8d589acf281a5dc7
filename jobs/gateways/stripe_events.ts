import type Stripe from "stripe";
import type { Notice } from "../../db/payment_notices.ts";
import { hashToken } from "../../db/tokens.ts";
import { fromStripe } from "./stripe_amounts.ts";
import { type Call, signedEvent } from "./stripe_signatures.ts";

type Fact = Pick<Notice, "paymentId" | "outcome" | "amount" | "currency" | "providerPayment">;
type Session = Stripe.Checkout.Session;

/**
 * What a call of Stripe's says; null for kinds we do not use and for payments that are not ours. Throws Problem
 * `unauthenticated`.
 */
export async function noticeOf(stripe: Stripe, call: Call): Promise<Notice | null> {
  const event = await signedEvent(stripe, call);
  const fact = await factOf(stripe, event);
  if (!fact) return null;
  return {
    ...fact,
    provider: "stripe",
    eventId: event.id,
    kind: event.type,
    bodyHash: await hashToken(call.raw.body),
    at: event.created * 1000,
    reason: fact.outcome === "failed" ? "declined" : undefined,
  };
}

async function factOf(stripe: Stripe, event: Stripe.Event): Promise<Fact | null> {
  switch (event.type) {
    case "checkout.session.completed": {
      const paid = event.data.object.payment_status === "paid";
      return factOfSession(event.data.object, paid ? "succeeded" : "processing");
    }
    case "checkout.session.async_payment_succeeded":
      return factOfSession(event.data.object, "succeeded");
    case "checkout.session.async_payment_failed":
      return factOfSession(event.data.object, "failed");
    case "checkout.session.expired":
      return factOfSession(event.data.object, "expired");
    case "charge.refunded": {
      const { payment_intent, amount_refunded, currency } = event.data.object;
      const fact = { outcome: "refunded" as const, amount: amount_refunded, currency };
      return await factOfIntent(stripe, payment_intent, fact);
    }
    case "charge.dispute.created": {
      const { payment_intent, amount, currency } = event.data.object;
      return await factOfIntent(stripe, payment_intent, { outcome: "disputed", amount, currency });
    }
    default:
      return null;
  }
}

function factOfSession(session: Session, outcome: Fact["outcome"]): Fact | null {
  const paymentId = session.metadata?.payment_id;
  if (!paymentId || !session.currency || session.amount_total === null) return null;
  const currency = session.currency.toUpperCase();
  const amount = fromStripe(session.amount_total, currency);
  return { paymentId, outcome, amount, currency, providerPayment: idOf(session.payment_intent) };
}

/** Which attempt it is about stands with the intent: a dispute does not carry it. */
async function factOfIntent(
  stripe: Stripe,
  intent: string | Stripe.PaymentIntent | null,
  said: Pick<Fact, "outcome" | "amount"> & { currency: string },
): Promise<Fact | null> {
  const id = idOf(intent);
  if (!id) return null;
  const { metadata: { payment_id: paymentId } } = await stripe.paymentIntents.retrieve(id);
  if (!paymentId) return null;
  const currency = said.currency.toUpperCase();
  const amount = fromStripe(said.amount, currency);
  return { paymentId, outcome: said.outcome, amount, currency, providerPayment: id };
}

const idOf = (thing: string | { id: string } | null): string | undefined =>
  (typeof thing === "string" ? thing : thing?.id) ?? undefined;
