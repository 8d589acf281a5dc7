import { Problem } from "../../db/problem.ts";
import type { RawHook } from "./gateway.ts";
import type { PaypalClient } from "./paypal_client.ts";

/** Milliseconds that a call may be old, or ahead of our clock. */
const TOLERANCE = 300_000;
/** What PayPal wants to see again of a call, by the header it came in. */
const proofs = {
  auth_algo: "paypal-auth-algo",
  cert_url: "paypal-cert-url",
  transmission_id: "paypal-transmission-id",
  transmission_sig: "paypal-transmission-sig",
  transmission_time: "paypal-transmission-time",
};

export type Event = { id: string; event_type: string; create_time: string; resource: unknown };

const forged = () =>
  new Problem("unauthenticated", "PayPal did not sign this call for us, so nothing was done.");

/**
 * The event of a call that PayPal says it signed for this webhook, a moment ago. It is asked about the very text,
 * put in as it came once that is known to be JSON. Throws Problem `unauthenticated`, and GatewayError.
 */
export async function signedEvent(paypal: PaypalClient, raw: RawHook, now: number): Promise<Event> {
  const proof = Object.fromEntries(
    Object.entries(proofs).map(([name, header]) => [name, raw.headers.get(header) ?? ""]),
  );
  const age = Math.abs(now - Date.parse(raw.headers.get(proofs.transmission_time) ?? ""));
  const whole = Object.values(proof).every(Boolean) && age <= TOLERANCE;
  if (!whole || !isPaypals(proof.cert_url ?? "", paypal.config.apiBase)) throw forged();
  const event = parsed(raw.body);
  const known = { ...proof, webhook_id: paypal.config.webhookId };
  const { verification_status } = await paypal.ask<{ verification_status: string }>(
    "/v1/notifications/verify-webhook-signature",
    { method: "POST", text: `${JSON.stringify(known).slice(0, -1)},"webhook_event":${raw.body}}` },
  );
  if (verification_status !== "SUCCESS") throw forged();
  return event;
}

/** A certificate from elsewhere is nobody's to ask PayPal about; a PayPal of the tests has its own. */
function isPaypals(cert: string, apiBase: string): boolean {
  const ofPaypal = /^https:\/\/([a-z0-9-]+\.)*paypal\.com\//;
  return ofPaypal.test(cert) || !ofPaypal.test(`${apiBase}/`);
}

function parsed(body: string): Event {
  try {
    return JSON.parse(body);
  } catch {
    throw forged();
  }
}
