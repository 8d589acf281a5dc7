import type Stripe from "stripe";
import type { Notice } from "../../db/payment_notices.ts";
import { hashToken } from "../../db/tokens.ts";
import type { Whose } from "./gateway.ts";
import { fromStripe } from "./stripe_amounts.ts";
import { isFailure } from "./stripe_client.ts";
import { idOf } from "./stripe_ids.ts";
import { type Call, signedEvent } from "./stripe_signatures.ts";

type Fact =
  & Pick<Notice, "paymentId" | "outcome" | "amount" | "currency" | "providerPayment">
  & Pick<Notice, "reason" | "refund">;
type Session = Stripe.Checkout.Session;
type Asking = { stripe: Stripe; whose: Whose };

/**
 * What a call of Stripe's says; null for kinds we do not use and for payments that are not ours. Throws Problem
 * `unauthenticated`.
 */
export async function noticeOf(stripe: Stripe, call: Call & { whose: Whose }) {
  const event = await signedEvent(stripe, call);
  const fact = await factOf({ stripe, whose: call.whose }, event);
  if (!fact) return null;
  const notice: Notice = {
    ...fact,
    provider: "stripe",
    eventId: event.id,
    kind: event.type,
    bodyHash: await hashToken(call.raw.body),
    at: event.created ? event.created * 1000 : call.now,
    reason: fact.reason ?? (fact.outcome === "failed" ? "declined" : undefined),
  };
  return notice;
}

async function factOf(by: Asking, event: Stripe.Event): Promise<Fact | null> {
  switch (event.type) {
    case "checkout.session.completed": {
      const paid = event.data.object.payment_status === "paid";
      return await factOfSession(by, event.data.object, paid ? "succeeded" : "processing");
    }
    case "checkout.session.async_payment_succeeded":
      return await factOfSession(by, event.data.object, "succeeded");
    case "checkout.session.async_payment_failed":
      return await factOfSession(by, event.data.object, "failed");
    case "checkout.session.expired":
      return await factOfSession(by, event.data.object, "expired");
    case "charge.refunded": {
      const { amount_refunded: amount, ...charge } = event.data.object;
      return await factOfIntent(by, charge, { outcome: "refunded", amount });
    }
    case "charge.refund.updated":
    case "refund.updated":
    case "refund.failed":
      return await factOfRefund(by, event.data.object);
    case "charge.dispute.created": {
      const { amount, ...dispute } = event.data.object;
      return await factOfIntent(by, dispute, { outcome: "disputed", amount });
    }
    default:
      return null;
  }
}

/** A session names its attempt; where it does not, we know it by the session. */
async function factOfSession(
  { stripe, whose }: Asking,
  told: Session,
  outcome: Fact["outcome"],
): Promise<Fact | null> {
  const paymentId = told.metadata?.payment_id ?? await whose({ page: told.id }) ??
    told.client_reference_id;
  if (!paymentId) return null;
  const whole = told.currency && told.amount_total !== undefined;
  const session = whole ? told : await stripe.checkout.sessions.retrieve(told.id);
  if (!session.currency || (session.amount_total ?? null) === null) return null;
  const currency = session.currency.toUpperCase();
  const amount = fromStripe(session.amount_total ?? 0, currency);
  return { paymentId, outcome, amount, currency, providerPayment: idOf(told.payment_intent) };
}

type Moved = {
  payment_intent: string | Stripe.PaymentIntent | null;
  metadata?: Stripe.Metadata | null;
  currency: string;
};

/** Which attempt it is about stands mostly beside the money, never with a dispute; and always with the intent. */
async function factOfIntent(
  { stripe, whose }: Asking,
  { payment_intent, metadata, currency: code }: Moved,
  said: Pick<Fact, "outcome" | "amount" | "reason" | "refund">,
): Promise<Fact | null> {
  const id = idOf(payment_intent);
  if (!id) return null;
  const paymentId = metadata?.payment_id ?? await whose({ money: id }) ??
    await attemptAt(stripe, id);
  if (!paymentId) return null;
  const currency = code.toUpperCase();
  const amount = fromStripe(said.amount, currency);
  return { ...said, paymentId, amount, currency, providerPayment: id };
}

/** An intent that Stripe does not know is nobody's. */
async function attemptAt(stripe: Stripe, intent: string): Promise<string | undefined> {
  try {
    return (await stripe.paymentIntents.retrieve(intent)).metadata?.payment_id;
  } catch (error) {
    if (isFailure(error) && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** Only that a refund did not get there is told by it: what went back in all, its charge tells. */
async function factOfRefund(by: Asking, refund: Stripe.Refund): Promise<Fact | null> {
  const { id, status, amount, metadata, failure_reason: reason = status ?? undefined } = refund;
  if (status !== "failed" && status !== "canceled") return null;
  const named = { ref: id, id: metadata?.refund_id };
  return await factOfIntent(by, refund, {
    ...{ outcome: "refund_failed", amount, reason, refund: named },
  });
}
