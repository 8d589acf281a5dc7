import type Stripe from "stripe";
import type { Config } from "../config.ts";
import { refusalOf } from "./refusals.ts";

export type StripeConfig = NonNullable<Config["stripe"]>;
/** Milliseconds for one try of one request. */
const TIMEOUT = 8000;

/** Stripe's own library, loaded when it is first needed. */
export async function openStripe({ secretKey, apiBase }: StripeConfig): Promise<Stripe> {
  const { default: Stripe } = await import("stripe");
  return new Stripe(secretKey, {
    ...(apiBase ? addressOf(new URL(apiBase)) : {}),
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 2,
    timeout: TIMEOUT,
    telemetry: false,
  });
}

const addressOf = ({ hostname, port, protocol }: URL) => ({
  host: hostname,
  port: port || (protocol === "http:" ? "80" : "443"),
  protocol: protocol === "http:" ? "http" as const : "https" as const,
});

type Failure = { type: string; statusCode?: number; code?: string };

/** Does `work` with Stripe; what Stripe did not do is thrown as GatewayError. */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw refusalOf(error.statusCode, error.code);
  }
}

export const isFailure = (error: unknown): error is Failure =>
  error instanceof Error && "type" in error && String(error.type).startsWith("Stripe");
