import type { Notice } from "../../db/payment_notices.ts";
import { hashToken } from "../../db/tokens.ts";
import { GatewayError, type RawHook, type Whose } from "./gateway.ts";
import { type Amount, fromPaypal } from "./paypal_amounts.ts";
import { captured } from "./paypal_captures.ts";
import type { PaypalClient } from "./paypal_client.ts";
import {
  attemptOf,
  type Capture,
  captureOf,
  type Fact,
  factOfCapture,
  factOfOrder,
  type Order,
  unitOf,
} from "./paypal_facts.ts";
import { pathOf } from "./paypal_orders.ts";
import { type Event, signedEvent } from "./paypal_signatures.ts";

type Told = Fact & Pick<Notice, "paymentId" | "refund">;
type Asking = { paypal: PaypalClient; whose: Whose };

/**
 * What a call of PayPal's says; null for kinds we do not use and for payments that are not ours. Throws Problem
 * `unauthenticated`, and GatewayError where PayPal cannot be asked.
 */
export async function noticeOf(by: Asking, raw: RawHook, now: number): Promise<Notice | null> {
  const event = await signedEvent(by.paypal, raw, now);
  const told = await readers[event.event_type]?.(by, event);
  if (!told) return null;
  return {
    ...told,
    provider: "paypal",
    eventId: event.id,
    kind: event.event_type,
    bodyHash: await hashToken(raw.body),
    at: Date.parse(event.create_time) || now,
  };
}

type Reader = (by: Asking, event: Event) => Promise<Told | null>;

/** Whose order it is stands with the order; where it does not, we know it by its number. */
const fromOrder: Reader = async ({ paypal, whose }, { resource }) => {
  const { id } = resource as Order;
  const order = await paypal.ask<Order>(pathOf(id));
  const paymentId = attemptOf(unitOf(order)) ?? attemptOf(captureOf(order)) ??
    await whose({ page: id });
  if (!paymentId) return null;
  const fact = factOfOrder(await captured(paypal, order, paymentId));
  return fact && { ...fact, paymentId };
};

type Taken = Capture & { supplementary_data?: { related_ids?: { order_id?: string } } };

/** The kind of the call says how a capture stands that does not say it itself. */
const fromCapture: Reader = async ({ whose }, { event_type, resource }) => {
  const capture = resource as Taken;
  const page = capture.supplementary_data?.related_ids?.order_id;
  const paymentId = attemptOf(capture) ?? await whose({ page, money: capture.id });
  const status = capture.status ?? event_type.split(".").at(-1);
  return paymentId ? { ...factOfCapture({ ...capture, status }), paymentId } : null;
};

type Returned = {
  id: string;
  amount: Amount;
  custom_id?: string;
  invoice_id?: string;
  status_details?: { reason?: string };
  seller_payable_breakdown?: { total_refunded_amount?: Amount };
  links?: { rel: string; href: string }[];
};

/** A refund names its capture only by a link. */
const refundedIn = ({ links }: Returned) =>
  links?.find(({ rel }) => rel === "up")?.href.split("/").at(-1);

/** What counts is all that went back of a capture. */
const fromRefund: Reader = async (by, { resource }) => {
  const returned = resource as Returned;
  const amount = returned.seller_payable_breakdown?.total_refunded_amount ?? returned.amount;
  return await toldOfMoney(by, returned, {
    ...{ money: refundedIn(returned), outcome: "refunded", amount },
  });
};

const fromFailedRefund: Reader = async (by, { resource }) => {
  const returned = resource as Returned;
  const { id: ref, invoice_id: id, amount, status_details } = returned;
  const told = await toldOfMoney(by, returned, {
    ...{ money: refundedIn(returned), outcome: "refund_failed", amount },
  });
  const reason = status_details?.reason?.toLowerCase();
  return told && { ...told, reason, refund: { ref, id } };
};

type Dispute = {
  disputed_transactions?: { seller_transaction_id?: string }[];
  dispute_amount: Amount;
};

const fromDispute: Reader = async (by, { resource }) => {
  const { disputed_transactions, dispute_amount: amount } = resource as Dispute;
  const money = disputed_transactions?.[0]?.seller_transaction_id;
  return await toldOfMoney(by, undefined, { money, outcome: "disputed", amount });
};

const readers: Record<string, Reader> = {
  "CHECKOUT.ORDER.APPROVED": fromOrder,
  "PAYMENT.CAPTURE.COMPLETED": fromCapture,
  "PAYMENT.CAPTURE.PENDING": fromCapture,
  "PAYMENT.CAPTURE.DENIED": fromCapture,
  "PAYMENT.CAPTURE.DECLINED": fromCapture,
  "PAYMENT.CAPTURE.REFUNDED": fromRefund,
  "PAYMENT.CAPTURE.REVERSED": fromRefund,
  "PAYMENT.REFUND.FAILED": fromFailedRefund,
  "CUSTOMER.DISPUTE.CREATED": fromDispute,
};

type Moved = { money?: string; outcome: Fact["outcome"]; amount: Amount };

/** Which attempt it is about may stand with it, is known here by the capture, or stands with that. */
async function toldOfMoney(
  { paypal, whose }: Asking,
  named: { custom_id?: string } | undefined,
  { money, outcome, amount }: Moved,
): Promise<Told | null> {
  if (!money) return null;
  const paymentId = attemptOf(named) ?? await whose({ money }) ?? await attemptAt(paypal, money);
  if (!paymentId) return null;
  return {
    ...{ paymentId, outcome, amount: fromPaypal(amount), currency: amount.currency_code },
    providerPayment: money,
  };
}

/** A capture that PayPal does not know is nobody's. */
async function attemptAt(paypal: PaypalClient, capture: string): Promise<string | null> {
  try {
    const path = `/v2/payments/captures/${encodeURIComponent(capture)}`;
    return attemptOf(await paypal.ask<Capture>(path));
  } catch (error) {
    if (error instanceof GatewayError && error.permanent) return null;
    throw error;
  }
}
