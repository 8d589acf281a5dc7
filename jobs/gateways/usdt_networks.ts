import type { Payment } from "../../db/payments.ts";
import type { Network } from "../../db/schema.ts";
import { usdtText } from "../../db/usdt.ts";
import type { Config } from "../config.ts";

export type Usdt = NonNullable<Config["usdt"]>;

/** Tron is final when 19 of its 27 producers have built on a block. */
export const TRON_CONFIRMATIONS = 19;

const evmNames: Record<number, string> = {
  1: "Ethereum (ERC-20)",
  10: "Optimism (ERC-20)",
  137: "Polygon (ERC-20)",
  8453: "Base (ERC-20)",
  42161: "Arbitrum One (ERC-20)",
  43114: "Avalanche C-Chain (ERC-20)",
};

export function networkName({ evm }: Usdt, network: Network): string {
  if (network === "tron") return "Tron (TRC-20)";
  return evmNames[evm?.chainId ?? 0] ?? `EVM chain ${evm?.chainId ?? ""} (ERC-20)`;
}

/** What the quote's page shows: what to send where, and how deep a transfer must lie. Null for another attempt. */
export function quoteFacts(usdt: Usdt, { network, usdtMicro, usdtAddress }: Payment) {
  if (!network || usdtMicro === null || !usdtAddress) return null;
  const { evm } = usdt;
  return {
    ...{ network, chain: networkName(usdt, network), address: usdtAddress },
    amount: usdtText(usdtMicro),
    /** EIP-681 where wallets know it, else the bare address. */
    uri: network === "evm" && evm
      ? `ethereum:${evm.token}@${evm.chainId}/transfer?address=${usdtAddress}&uint256=${usdtMicro}`
      : usdtAddress,
    confirmations: network === "evm" ? evm?.confirmations ?? 1 : TRON_CONFIRMATIONS,
  };
}
