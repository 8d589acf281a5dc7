import type { Payment } from "../../db/payments.ts";
import { Problem } from "../../db/problem.ts";
import type { Network } from "../../db/schema.ts";
import { quoteMicro, SUFFIXES } from "../../db/usdt.ts";
import type { Gateway } from "./gateway.ts";
import { networkName, quoteFacts, type Usdt } from "./usdt_networks.ts";

/** How long a quote stands, in milliseconds. */
const QUOTE_LIFE = 3_600_000;

/** A transfer on a chain that the watcher finds there: nobody outside is asked to begin it. */
export function usdtGateway(usdt: Usdt): Gateway {
  const networks = networksOf(usdt);
  return {
    method: "usdt",
    name: "USDT",
    about: {
      cost: "Your wallet's network fee",
      takes: "A few minutes",
      needs: `A wallet with USDT on ${networks.map((one) => networkName(usdt, one)).join(" or ")}`,
    },
    networks,
    opens(payment, now, choice) {
      const network = networkOf(networks, choice?.network);
      const quote = { rate: usdt.rate, suffix: randomSuffix() };
      return {
        status: "open",
        quote: {
          network,
          usdtMicro: quoteMicro(payment, quote),
          usdtAddress: usdt[network]?.address ?? null,
          usdtRate: usdt.rate,
          expiresAt: now + QUOTE_LIFE,
        },
      };
    },
    instructions: (payment) => instructions(usdt, payment),
  };
}

const networksOf = (usdt: Usdt) => (["evm", "tron"] as const).filter((network) => usdt[network]);

function networkOf(networks: Network[], wanted?: Network): Network {
  const network = wanted ?? networks[0];
  if (network && networks.includes(network)) return network;
  throw new Problem("invalid", "We do not take USDT on this network. Choose another.", "network");
}

/** From 1 to SUFFIXES, and nobody can tell the next: who could, might send another's amount. */
const randomSuffix = () => 1 + (crypto.getRandomValues(new Uint32Array(1))[0] as number) % SUFFIXES;

function instructions(usdt: Usdt, payment: Payment): [string, string][] {
  const facts = quoteFacts(usdt, payment);
  if (!facts) return [];
  const { amount, address, chain } = facts;
  return [["Exact amount in USDT", amount], ["Address", address], ["Network", chain]];
}
