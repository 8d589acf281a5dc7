import type { Notice } from "../db/payment_notices.ts";
import type { Payment } from "../db/payments.ts";
import { Problem } from "../db/problem.ts";
import { type Gateway, GatewayError } from "../jobs/gateways/gateway.ts";
import { told } from "./ledger.ts";

/** A provider that remembers what it was asked, and says what a test lets it say. */
export type FakeProvider = Gateway & {
  /** It answers nobody. */
  away: boolean;
  /** Attempts that it made a page for, closed, and was asked about, by their ids. */
  started: string[];
  closed: string[];
  asked: string[];
  /** How each attempt stands there. */
  knows: Map<string, Partial<Notice>>;
};

export function fakeProvider(method: "stripe" | "paypal" = "stripe"): FakeProvider {
  const reach = (list: string[], { id }: Payment) => {
    list.push(id);
    if (provider.away) throw new GatewayError("unreachable", false);
  };
  const provider: FakeProvider = {
    ...{ method, name: "Card", about: { cost: "Nothing", takes: "A minute", needs: "A card" } },
    ...{ away: false, started: [], closed: [], asked: [], knows: new Map() },
    pages: ["https://pay.example"],
    opens: () => ({ status: "created" }),
    start(payment, _booking, returnTo) {
      reach(provider.started, payment);
      const url = `https://pay.example/${payment.id}?back=${encodeURIComponent(returnTo)}`;
      return Promise.resolve({ providerRef: `page-${payment.id}`, url });
    },
    close: async (payment) => await reach(provider.closed, payment),
    async ask(payment, now) {
      await reach(provider.asked, payment);
      const known = provider.knows.get(payment.id);
      return known
        ? told(payment, { eventId: `ask:${payment.id}:${known.outcome}`, at: now, ...known })
        : null;
    },
    async verify({ body, headers }) {
      if (headers.get("x-signature") !== `signed ${body.length}`) {
        throw new Problem("unauthenticated", "Nobody signed this.");
      }
      if (provider.away) throw await Promise.resolve(new GatewayError("unreachable", false));
      return JSON.parse(body);
    },
  };
  return provider;
}

/** A call of the provider's as it sends it. */
export const call = (notice: Notice | null) => {
  const body = JSON.stringify(notice);
  return { method: "POST", body, headers: { "x-signature": `signed ${body.length}` } };
};
