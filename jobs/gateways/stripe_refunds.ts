import type Stripe from "stripe";
import type { Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import { GatewayError, type RefundAnswer } from "./gateway.ts";
import { toStripe } from "./stripe_amounts.ts";
import { idOf } from "./stripe_ids.ts";

/** Milliseconds for which Stripe surely knows an idempotency key: https://docs.stripe.com/api/idempotent_requests */
const KEY_LIFE = 23 * 3_600_000;
/** Refunds on one page of Stripe's list, the most that it gives. */
const PAGE = 100;

/** Sends money back, or says how a refund that Stripe knows already stands. */
export async function refundAt(
  stripe: Stripe,
  { refund, payment, now }: { refund: Refund; payment: Payment; now: number },
): Promise<RefundAnswer> {
  if (refund.providerRef) return answerOf(await stripe.refunds.retrieve(refund.providerRef));
  const intent = payment.providerPayment ?? await intentOf(stripe, payment);
  if (!intent) throw new GatewayError("refused-nothing-paid", true);
  const known = now - refund.createdAt > KEY_LIFE && await findMade(stripe, intent, refund);
  if (known) return answerOf(known);
  const made = await stripe.refunds.create({
    payment_intent: intent,
    amount: toStripe(refund.amountMinor, payment.currency),
    metadata: { payment_id: payment.id, refund_id: refund.id },
  }, { idempotencyKey: `${refund.id}:refund` });
  return answerOf(made);
}

/** The money of a session whose calls did not name it. */
async function intentOf(stripe: Stripe, { providerRef }: Payment): Promise<string | undefined> {
  if (!providerRef) return undefined;
  return idOf((await stripe.checkout.sessions.retrieve(providerRef)).payment_intent);
}

/** The refund as an earlier try may have made it: by then its key says nothing any more. */
async function findMade(stripe: Stripe, intent: string, { id }: Refund) {
  for await (const made of stripe.refunds.list({ payment_intent: intent, limit: PAGE })) {
    if (made.metadata?.refund_id === id) return made;
  }
}

function answerOf({ id, status, failure_reason }: Stripe.Refund): RefundAnswer {
  if (status === "succeeded") return { providerRef: id, status };
  const over = status === "failed" || status === "canceled";
  if (!over) return { providerRef: id, status: "processing" };
  return { providerRef: id, status: "failed", error: failure_reason ?? status };
}
