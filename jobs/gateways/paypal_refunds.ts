import type { Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import { GatewayError, type RefundAnswer } from "./gateway.ts";
import { toPaypal } from "./paypal_amounts.ts";
import type { PaypalClient } from "./paypal_client.ts";
import { pathOf } from "./paypal_orders.ts";

type Sent = {
  id: string;
  status: string;
  invoice_id?: string;
  status_details?: { reason?: string };
};
type Paid = { purchase_units: { payments?: { refunds?: Sent[] } }[] };

/** Milliseconds for which PayPal surely knows a request's id, at the least that it names. */
const KEY_LIFE = 5 * 3_600_000;

/** Sends money back, or says how a refund that PayPal knows already stands. */
export async function refundAt(
  paypal: PaypalClient,
  { refund, payment, now }: { refund: Refund; payment: Payment; now: number },
): Promise<RefundAnswer> {
  if (refund.providerRef) {
    const known = encodeURIComponent(refund.providerRef);
    return answerOf(await paypal.ask<Sent>(`/v2/payments/refunds/${known}`));
  }
  if (!payment.providerPayment) throw new GatewayError("refused-nothing-paid", true);
  const known = now - refund.createdAt > KEY_LIFE && await findMade(paypal, payment, refund);
  if (known) return answerOf(known);
  const capture = encodeURIComponent(payment.providerPayment);
  const amount = toPaypal(refund.amountMinor, payment.currency);
  const sent = await paypal.ask<Sent>(`/v2/payments/captures/${capture}/refund`, {
    method: "POST",
    body: { amount, custom_id: payment.id, invoice_id: refund.id },
    requestId: `${refund.id}:refund`,
  });
  return answerOf(sent);
}

/** The refund as an earlier try may have made it: its order lists what went back, by our names. */
async function findMade(paypal: PaypalClient, { providerRef }: Payment, { id }: Refund) {
  if (!providerRef) return undefined;
  const { purchase_units } = await paypal.ask<Paid>(pathOf(providerRef));
  const made = purchase_units.flatMap(({ payments }) => payments?.refunds ?? []);
  return made.find(({ invoice_id }) => invoice_id === id);
}

function answerOf({ id, status, status_details }: Sent): RefundAnswer {
  if (status === "COMPLETED") return { providerRef: id, status: "succeeded" };
  if (status === "PENDING") return { providerRef: id, status: "processing" };
  const error = (status_details?.reason ?? status).toLowerCase();
  return { providerRef: id, status: "failed", error };
}
