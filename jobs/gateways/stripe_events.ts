import type Stripe from "stripe";
import type { Notice } from "../../db/payment_notices.ts";
import { hashToken } from "../../db/tokens.ts";
import { fromStripe } from "./stripe_amounts.ts";
import { type Call, signedEvent } from "./stripe_signatures.ts";

type Fact =
  & Pick<Notice, "paymentId" | "outcome" | "amount" | "currency" | "providerPayment">
  & Pick<Notice, "reason" | "refund">;
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
    reason: fact.reason ?? (fact.outcome === "failed" ? "declined" : undefined),
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
      const { amount_refunded: amount, ...charge } = event.data.object;
      return await factOfIntent(stripe, charge, { outcome: "refunded", amount });
    }
    case "charge.refund.updated":
    case "refund.updated":
    case "refund.failed":
      return await factOfRefund(stripe, event.data.object);
    case "charge.dispute.created": {
      const { amount, ...dispute } = event.data.object;
      return await factOfIntent(stripe, dispute, { outcome: "disputed", amount });
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

type Moved = {
  payment_intent: string | Stripe.PaymentIntent | null;
  metadata?: Stripe.Metadata | null;
  currency: string;
};

/** Which attempt it is about stands with the intent, and mostly beside the money: never with a dispute. */
async function factOfIntent(
  stripe: Stripe,
  { payment_intent, metadata, currency: code }: Moved,
  said: Pick<Fact, "outcome" | "amount" | "reason" | "refund">,
): Promise<Fact | null> {
  const id = idOf(payment_intent);
  if (!id) return null;
  const paymentId = metadata?.payment_id ??
    (await stripe.paymentIntents.retrieve(id)).metadata.payment_id;
  if (!paymentId) return null;
  const currency = code.toUpperCase();
  const amount = fromStripe(said.amount, currency);
  return { ...said, paymentId, amount, currency, providerPayment: id };
}

/** Only that a refund did not get there is told by it: what went back in all, its charge tells. */
async function factOfRefund(stripe: Stripe, refund: Stripe.Refund): Promise<Fact | null> {
  const { id, status, amount, metadata, failure_reason: reason = status ?? undefined } = refund;
  if (status !== "failed" && status !== "canceled") return null;
  const named = { ref: id, id: metadata?.refund_id };
  return await factOfIntent(stripe, refund, {
    ...{ outcome: "refund_failed", amount, reason, refund: named },
  });
}

const idOf = (thing: string | { id: string } | null): string | undefined =>
  (typeof thing === "string" ? thing : thing?.id) ?? undefined;
