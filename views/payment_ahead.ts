import type { ChainTransfer } from "../db/chain_transfers.ts";
import type { Payment } from "../db/payments.ts";

/** What is seen of a transfer on its chain, and how many confirmations make it final. */
export type Seen = {
  facts: { confirmations: number };
  transfer: Pick<ChainTransfer, "confirmations" | "removedAt"> | null;
};

/** "7 of 12 confirmations", while a transfer is on its chain and not final yet. */
export function counted(usdt?: Seen | null): string | null {
  const { facts, transfer } = usdt ?? {};
  if (!facts || !transfer || transfer.removedAt !== null) return null;
  const { confirmations: all } = facts;
  const some = transfer.confirmations;
  return some < all ? `Seen on the network: ${some} of ${all} confirmations` : null;
}

/** What an attempt waits for, nearest first; nothing once it is settled or a person looks at it. */
export function stepsAhead({ status, method }: Payment, usdt?: Seen | null): string[] {
  const waits = status === "created" || status === "open";
  if (!waits && status !== "processing" && status !== "under_review") return [];
  const all = usdt?.facts.confirmations;
  const seen: Partial<Record<Payment["method"], string[]>> = {
    usdt: all ? ["Seen on the network", `${all} of ${all} confirmations`] : [],
    bank: ["Seen on our account"],
  };
  return [...waits ? seen[method] ?? [] : [], "Confirmed: the chat opens"];
}
