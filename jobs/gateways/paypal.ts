import type { Gateway } from "./gateway.ts";
import { toPaypal } from "./paypal_amounts.ts";
import { PaypalClient, type PaypalConfig } from "./paypal_client.ts";
import { noticeOf } from "./paypal_events.ts";
import { closeOrder, openOrder } from "./paypal_orders.ts";
import { refundAt } from "./paypal_refunds.ts";
import { standingOf } from "./paypal_standing.ts";

/** A PayPal account, or a card that PayPal takes: an order for each attempt, captured once it is agreed to. */
export function paypalGateway(config: PaypalConfig): Gateway {
  const paypal = new PaypalClient(config);
  return {
    method: "paypal",
    name: "PayPal",
    about: { cost: "No fee from us", takes: "A minute", needs: "A PayPal account or a card" },
    pages: [pagesOf(config.apiBase)],
    opens(payment) {
      toPaypal(payment.amountMinor, payment.currency);
      return { status: "created" };
    },
    start: (payment, booking, returnTo) => openOrder(paypal, { payment, booking, returnTo }),
    close: (payment) => closeOrder(paypal, payment),
    ask: (payment, now) => standingOf(paypal, payment, now),
    verify: (raw, now, whose) => noticeOf({ paypal, whose }, raw, now),
    asksToVerify: true,
    refund: (refund, payment, now) => refundAt(paypal, { refund, payment, now }),
  };
}

/** The payer's pages are beside the interface: api-m.sandbox.paypal.com has them at www.sandbox.paypal.com. */
const pagesOf = (apiBase: string) =>
  new URL(apiBase).origin.replace(/^https:\/\/api(-m)?\./, "https://www.");
