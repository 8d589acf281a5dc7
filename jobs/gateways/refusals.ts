import { GatewayError } from "./gateway.ts";

/**
 * What an answer that is no success comes down to; without a status there was no answer. Asking again helps
 * where the provider or our access to it is at fault, not where what we asked is.
 */
export function refusalOf(status: number | undefined, code?: string): GatewayError {
  if (!status) return new GatewayError("unreachable", false);
  if (status === 429) return new GatewayError("rate-limited", false);
  if (status === 401 || status === 403) return new GatewayError("sign-in-refused", false);
  const word = `refused-${code || status}`.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60);
  return new GatewayError(word, status < 500 && status !== 409);
}
