import type Stripe from "stripe";
import type { Booking } from "../../db/booking_moves.ts";
import { amountText } from "../../db/money.ts";
import type { Payment } from "../../db/payments.ts";
import { GatewayError, type Started } from "./gateway.ts";
import { toStripe } from "./stripe_amounts.ts";

/** Milliseconds that a card page is open; Stripe allows 30 minutes to a day. */
const OPEN_FOR = 3_600_000;
type Attempt = { payment: Payment; booking: Booking; returnTo: string };

/** A page where the client pays an attempt: the one it has, while that is open. */
export async function openPage(stripe: Stripe, attempt: Attempt): Promise<Started> {
  const { providerRef, id } = attempt.payment;
  const { sessions } = stripe.checkout;
  const session = providerRef
    ? await sessions.retrieve(providerRef)
    : await sessions.create(pageOf(attempt), { idempotencyKey: `${id}:start` });
  if (!session.url) throw new GatewayError("refused-page-closed", true);
  const ends = session.expires_at ?? endOf(attempt.payment);
  return { providerRef: session.id, url: session.url, expiresAt: ends * 1000 };
}

/**
 * Says the same whenever it is asked of one attempt: Stripe refuses an idempotency key that comes with other
 * words. The amount is the attempt's own, fixed when it began.
 */
function pageOf({ payment, booking, returnTo }: Attempt): Stripe.Checkout.SessionCreateParams {
  const { amountMinor, currency } = payment;
  const price = `${amountText(amountMinor, currency)} ${currency}`;
  const metadata = { payment_id: payment.id, booking: booking.reference, price };
  const name = `${booking.serviceName}, ${booking.reference}`;
  const price_data = {
    currency: currency.toLowerCase(),
    unit_amount: toStripe(amountMinor, currency),
    product_data: { name },
  };
  return {
    mode: "payment",
    line_items: [{ quantity: 1, price_data }],
    client_reference_id: payment.id,
    customer_email: booking.clientEmail,
    metadata,
    payment_intent_data: { metadata, description: name },
    adaptive_pricing: { enabled: false },
    expires_at: endOf(payment),
    success_url: `${returnTo}?returned=1`,
    cancel_url: returnTo,
  };
}

/** In seconds, as Stripe counts. */
const endOf = ({ createdAt }: Payment) => Math.floor((createdAt + OPEN_FOR) / 1000);

/** Ends a page that is open still. */
export async function closePage(stripe: Stripe, { providerRef }: Payment) {
  if (!providerRef) return;
  try {
    await stripe.checkout.sessions.expire(providerRef);
  } catch (error) {
    const { status } = await stripe.checkout.sessions.retrieve(providerRef);
    if (status === "open") throw error;
  }
}
