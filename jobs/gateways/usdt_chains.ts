import type { Reading } from "../../db/chain_readings.ts";
import type { ChainCursor } from "../../db/chain_watch.ts";
import type { Network } from "../../db/schema.ts";
import { evmChain } from "./usdt_evm.ts";
import type { Usdt } from "./usdt_networks.ts";
import { tronChain } from "./usdt_tron.ts";

/** Where a reading begins: behind the cursor, and with what came `since` (ms) where there is none. */
export type ReadFrom = { cursor?: ChainCursor; addresses: string[]; since: number; now: number };
/** A network that is watched. `read` throws GatewayError. */
export type Chain = {
  network: Network;
  address: string;
  read(from: ReadFrom): Promise<Reading>;
};

/** The networks that are watched. */
export const chainsOf = ({ evm, tron }: Usdt): Chain[] => [
  ...(evm ? [evmChain(evm)] : []),
  ...(tron ? [tronChain(tron)] : []),
];
