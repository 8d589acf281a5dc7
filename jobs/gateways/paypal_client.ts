import type { Config } from "../config.ts";
import { reach, read } from "./paypal_answers.ts";

export type PaypalConfig = NonNullable<Config["paypal"]>;
type Ask = { method?: "GET" | "POST" | "PATCH"; body?: unknown; text?: string; requestId?: string };
type Token = { value: string; until: number };

/** A token is given up this many milliseconds before PayPal does. */
const EARLY = 60_000;

/** PayPal's REST interface, signed in as the agency. */
export class PaypalClient {
  #token: Promise<Token> | undefined;

  constructor(readonly config: PaypalConfig) {}

  /**
   * What PayPal answers. A request that is sent again with the same `requestId` is done once. Throws
   * GatewayError.
   */
  async ask<T>(path: string, ask: Ask = {}): Promise<T> {
    const first = await this.#send(path, ask, await this.#signIn());
    if (first.status !== 401) return await read<T>(first);
    await first.body?.cancel();
    this.#token = undefined;
    return await read<T>(await this.#send(path, ask, await this.#signIn()));
  }

  async #send(path: string, ask: Ask, token: Token): Promise<Response> {
    const { method = "GET", body, text = body && JSON.stringify(body), requestId } = ask;
    return await reach(`${this.config.apiBase}${path}`, {
      method,
      body: text as string | undefined,
      headers: {
        "Authorization": `Bearer ${token.value}`,
        "Content-Type": "application/json",
        "Prefer": "return=representation",
        ...(requestId ? { "PayPal-Request-Id": requestId } : {}),
      },
    });
  }

  /** The token in use, or a new one; those who ask at once share it. */
  async #signIn(): Promise<Token> {
    const held = await this.#token?.catch(() => undefined);
    if (held && performance.now() < held.until) return held;
    this.#token = this.#newToken();
    return await this.#token;
  }

  async #newToken(): Promise<Token> {
    const { clientId, secret, apiBase } = this.config;
    const answer = await reach(`${apiBase}/v1/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials" }),
      headers: { Authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    });
    const token = await read<{ access_token: string; expires_in: number }>(answer);
    const until = performance.now() + token.expires_in * 1000 - EARLY;
    return { value: token.access_token, until };
  }
}
