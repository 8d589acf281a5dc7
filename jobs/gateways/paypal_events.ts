import type { Notice } from "../../db/payment_notices.ts";
import { hashToken } from "../../db/tokens.ts";
import type { RawHook } from "./gateway.ts";
import { type Amount, fromPaypal } from "./paypal_amounts.ts";
import type { PaypalClient } from "./paypal_client.ts";
import {
  attemptOf,
  type Capture,
  type Fact,
  factOfCapture,
  factOfOrder,
  type Order,
} from "./paypal_facts.ts";
import { settledOrder } from "./paypal_captures.ts";
import { signedEvent } from "./paypal_signatures.ts";

type Told = Fact & Pick<Notice, "paymentId" | "refund">;

/**
 * What a call of PayPal's says; null for kinds we do not use and for payments that are not ours. Throws Problem
 * `unauthenticated`, and GatewayError where PayPal cannot be asked.
 */
export async function noticeOf(
  paypal: PaypalClient,
  raw: RawHook,
  now: number,
): Promise<Notice | null> {
  const event = await signedEvent(paypal, raw, now);
  const told = await readers[event.event_type]?.(paypal, event.resource);
  if (!told) return null;
  return {
    ...told,
    provider: "paypal",
    eventId: event.id,
    kind: event.event_type,
    bodyHash: await hashToken(raw.body),
    at: Date.parse(event.create_time),
  };
}

type Reader = (paypal: PaypalClient, resource: unknown) => Promise<Told | null>;

const fromCapture: Reader = (_, resource) => {
  const capture = resource as Capture;
  const paymentId = attemptOf(capture);
  return Promise.resolve(paymentId ? { ...factOfCapture(capture), paymentId } : null);
};

const readers: Record<string, Reader> = {
  "CHECKOUT.ORDER.APPROVED": async (paypal, resource) => {
    const order = await settledOrder(paypal, (resource as Order).id);
    const [paymentId, fact] = [attemptOf(order.purchase_units[0]), factOfOrder(order)];
    return paymentId && fact ? { ...fact, paymentId } : null;
  },
  "PAYMENT.CAPTURE.COMPLETED": fromCapture,
  "PAYMENT.CAPTURE.PENDING": fromCapture,
  "PAYMENT.CAPTURE.DENIED": fromCapture,
  "PAYMENT.CAPTURE.DECLINED": fromCapture,
  "PAYMENT.CAPTURE.REFUNDED": fromRefund,
  "PAYMENT.CAPTURE.REVERSED": fromRefund,
  "PAYMENT.REFUND.FAILED": fromFailedRefund,
  "CUSTOMER.DISPUTE.CREATED": fromDispute,
};

type Returned = {
  id: string;
  amount: Amount;
  invoice_id?: string;
  status_details?: { reason?: string };
  seller_payable_breakdown?: { total_refunded_amount?: Amount };
  links?: { rel: string; href: string }[];
};

/** A refund names its capture only by a link. */
const captureOf = ({ links }: Returned) =>
  links?.find(({ rel }) => rel === "up")?.href.split("/").at(-1);

/** What counts is all that went back of a capture. */
async function fromRefund(paypal: PaypalClient, resource: unknown): Promise<Told | null> {
  const returned = resource as Returned;
  const up = captureOf(returned);
  const amount = returned.seller_payable_breakdown?.total_refunded_amount ?? returned.amount;
  return up ? await toldOfCapture(paypal, up, { outcome: "refunded", amount }) : null;
}

async function fromFailedRefund(paypal: PaypalClient, resource: unknown): Promise<Told | null> {
  const returned = resource as Returned;
  const { id: ref, invoice_id: id, amount, status_details } = returned;
  const up = captureOf(returned);
  const told = up && await toldOfCapture(paypal, up, { outcome: "refund_failed", amount });
  const reason = status_details?.reason?.toLowerCase();
  return told ? { ...told, reason, refund: { ref, id } } : null;
}

type Dispute = {
  disputed_transactions?: { seller_transaction_id?: string }[];
  dispute_amount: Amount;
};

async function fromDispute(paypal: PaypalClient, resource: unknown): Promise<Told | null> {
  const { disputed_transactions, dispute_amount: amount } = resource as Dispute;
  const id = disputed_transactions?.[0]?.seller_transaction_id;
  return id ? await toldOfCapture(paypal, id, { outcome: "disputed", amount }) : null;
}

/** Which attempt it is about stands with the capture. */
async function toldOfCapture(
  paypal: PaypalClient,
  captureId: string,
  { outcome, amount }: { outcome: Fact["outcome"]; amount: Amount },
): Promise<Told | null> {
  const path = `/v2/payments/captures/${encodeURIComponent(captureId)}`;
  const capture = await paypal.ask<Capture>(path);
  const paymentId = attemptOf(capture);
  if (!paymentId) return null;
  const money = { amount: fromPaypal(amount), currency: amount.currency_code };
  return { ...money, outcome, paymentId, providerPayment: capture.id };
}
