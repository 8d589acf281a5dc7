import type Stripe from "stripe";
import type { Gateway } from "./gateway.ts";
import { toStripe } from "./stripe_amounts.ts";
import { asking, openStripe, type StripeConfig } from "./stripe_client.ts";
import { noticeOf } from "./stripe_events.ts";
import { closePage, openPage } from "./stripe_pages.ts";
import { refundAt } from "./stripe_refunds.ts";
import { standingOf } from "./stripe_standing.ts";

/** Cards and wallets on a page of Stripe's: a Checkout Session for each attempt. */
export function stripeGateway(config: StripeConfig): Gateway {
  let opened: Promise<Stripe> | undefined;
  const using = <T>(work: (stripe: Stripe) => Promise<T>) =>
    asking(async () => await work(await (opened ??= openStripe(config))));
  return {
    method: "stripe",
    name: "Card",
    about: {
      cost: "No fee from us",
      takes: "A minute",
      needs: "A card, or the wallet of your phone",
    },
    pages: [
      "https://checkout.stripe.com",
      ...(config.apiBase ? [new URL(config.apiBase).origin] : []),
    ],
    opens(payment) {
      toStripe(payment.amountMinor, payment.currency);
      return { status: "created" };
    },
    start: (payment, booking, returnTo) =>
      using((stripe) => openPage(stripe, { payment, booking, returnTo })),
    close: (payment) => using((stripe) => closePage(stripe, payment)),
    ask: (payment, now) => using((stripe) => standingOf(stripe, payment, now)),
    verify: (raw, now, whose) => using((stripe) => noticeOf(stripe, { config, raw, now, whose })),
    refund: (refund, payment, now) => using((stripe) => refundAt(stripe, { refund, payment, now })),
  };
}
