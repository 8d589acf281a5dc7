import type Stripe from "stripe";
import type { Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import { GatewayError, type RefundAnswer } from "./gateway.ts";
import { toStripe } from "./stripe_amounts.ts";

/** Sends money back, or says how a refund that Stripe knows already stands. */
export async function refundAt(
  stripe: Stripe,
  refund: Refund,
  payment: Payment,
): Promise<RefundAnswer> {
  if (refund.providerRef) return answerOf(await stripe.refunds.retrieve(refund.providerRef));
  if (!payment.providerPayment) throw new GatewayError("refused-nothing-paid", true);
  const made = await stripe.refunds.create({
    payment_intent: payment.providerPayment,
    amount: toStripe(refund.amountMinor, payment.currency),
    metadata: { payment_id: payment.id, refund_id: refund.id },
  }, { idempotencyKey: `${refund.id}:refund` });
  return answerOf(made);
}

function answerOf({ id, status, failure_reason }: Stripe.Refund): RefundAnswer {
  if (status === "succeeded") return { providerRef: id, status };
  const over = status === "failed" || status === "canceled";
  if (!over) return { providerRef: id, status: "processing" };
  return { providerRef: id, status: "failed", error: failure_reason ?? status };
}
