import type Stripe from "stripe";
import { Problem } from "../../db/problem.ts";
import type { RawHook } from "./gateway.ts";
import { isFailure, type StripeConfig } from "./stripe_client.ts";

/** Seconds that a call may be old, or ahead of our clock. */
const TOLERANCE = 300;
export type Call = { config: StripeConfig; raw: RawHook; now: number };

const forged = () =>
  new Problem("unauthenticated", "Stripe did not sign this call for us, so nothing was done.");

/** The event of a call that Stripe signed for this account, a moment ago. Throws Problem `unauthenticated`. */
export async function signedEvent(
  stripe: Stripe,
  { config, raw, now }: Call,
): Promise<Stripe.Event> {
  const header = raw.headers.get("stripe-signature") ?? "";
  const event = await verified(stripe, { config, raw, now }, header);
  const live = /^(sk|rk)_live_/.test(config.secretKey);
  if (isAhead(header, now) || (event.livemode ?? false) !== live || event.account) throw forged();
  return event;
}

async function verified(stripe: Stripe, { config, raw, now }: Call, header: string) {
  const secret = config.webhookSecret;
  try {
    return await stripe.webhooks.constructEventAsync(
      ...[raw.body, header, secret, TOLERANCE] as const,
      undefined,
      now,
    );
  } catch (error) {
    if (isFailure(error) || error instanceof SyntaxError) throw forged();
    throw error;
  }
}

/** The library refuses old calls only. */
function isAhead(header: string, now: number): boolean {
  const times = header.split(",").filter((part) => part.startsWith("t=")).map((part) =>
    parseInt(part.slice(2), 10)
  );
  return times.some((seconds) => seconds > Math.floor(now / 1000) + TOLERANCE);
}
