import { GatewayError } from "./gateway.ts";
import { refusalOf } from "./refusals.ts";
import type { Usdt } from "./usdt_networks.ts";

export type Evm = NonNullable<Usdt["evm"]>;
export type Client = Awaited<ReturnType<typeof connect>>;

/** Milliseconds that a node may take. */
const PATIENCE = 10_000;

/** A node, once it is known to be the right one. */
export async function nodeOf(evm: Evm): Promise<Client> {
  const client = await connect(evm);
  if (!checked.has(evm)) await assertOurs(client, evm);
  checked.add(evm);
  return client;
}

async function connect({ rpcUrl }: Evm) {
  const { createPublicClient, http } = await import("viem");
  return createPublicClient({ transport: http(rpcUrl, { timeout: PATIENCE, retryCount: 1 }) });
}

const checked = new WeakSet<Evm>();

/** Our address is no misprint, the node's chain is ours and the token counts as USDT does. */
async function assertOurs(client: Client, evm: Evm) {
  const { isAddress } = await import("viem");
  if (!isAddress(evm.address)) throw new GatewayError("wrong-checksum", true);
  const [chainId, decimals] = await Promise.all([client.getChainId(), decimalsOf(client, evm)]);
  if (chainId !== evm.chainId) throw new GatewayError("wrong-chain", true);
  if (decimals !== null && decimals !== 6) throw new GatewayError("wrong-decimals", true);
}

/** Null where the contract does not say: ERC-20 leaves that open (https://eips.ethereum.org/EIPS/eip-20#decimals). */
async function decimalsOf(client: Client, { token }: Evm): Promise<number | null> {
  const { parseAbi } = await import("viem");
  const abi = parseAbi(["function decimals() view returns (uint8)"]);
  const address = token as `0x${string}`;
  try {
    return await client.readContract({ address, abi, functionName: "decimals" });
  } catch (error) {
    if (awayOf(error).word !== "refused") throw error;
    return null;
  }
}

/** What failed may stand behind other errors; none of their words leaves this file: they hold the node's address. */
export function awayOf(error: unknown): GatewayError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === "TimeoutError") return new GatewayError("timeout", false);
    if (cause.name === "HttpRequestError") return refusalOf((cause as { status?: number }).status);
  }
  return new GatewayError("refused", false);
}
