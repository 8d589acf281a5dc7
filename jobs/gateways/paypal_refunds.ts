import type { Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import { GatewayError, type RefundAnswer } from "./gateway.ts";
import { toPaypal } from "./paypal_amounts.ts";
import type { PaypalClient } from "./paypal_client.ts";

type Sent = { id: string; status: string; status_details?: { reason?: string } };

/** Sends money back, or says how a refund that PayPal knows already stands. */
export async function refundAt(
  paypal: PaypalClient,
  refund: Refund,
  payment: Payment,
): Promise<RefundAnswer> {
  if (refund.providerRef) {
    const known = encodeURIComponent(refund.providerRef);
    return answerOf(await paypal.ask<Sent>(`/v2/payments/refunds/${known}`));
  }
  if (!payment.providerPayment) throw new GatewayError("refused-nothing-paid", true);
  const capture = encodeURIComponent(payment.providerPayment);
  const amount = toPaypal(refund.amountMinor, payment.currency);
  const sent = await paypal.ask<Sent>(`/v2/payments/captures/${capture}/refund`, {
    method: "POST",
    body: { amount, custom_id: payment.id, invoice_id: refund.id },
    requestId: `${refund.id}:refund`,
  });
  return answerOf(sent);
}

function answerOf({ id, status, status_details }: Sent): RefundAnswer {
  if (status === "COMPLETED") return { providerRef: id, status: "succeeded" };
  if (status === "PENDING") return { providerRef: id, status: "processing" };
  const error = (status_details?.reason ?? status).toLowerCase();
  return { providerRef: id, status: "failed", error };
}
