import type { Reading, Sighting } from "../../db/chain_readings.ts";
import { DUST, microOf } from "../../db/usdt.ts";
import { GatewayError } from "./gateway.ts";
import type { Chain, ReadFrom } from "./usdt_chains.ts";
import { clockOf, type Log, logsIn } from "./usdt_evm_logs.ts";
import { awayOf, type Evm, nodeOf } from "./usdt_evm_node.ts";

/** Blocks in one question, as public nodes refuse long ranges, and questions in one run. */
const stride = { range: 500, ranges: 20 };
/** Blocks before the newest one that the first reading begins with. */
const FIRST = 2000;
/** Blocks read again at least: nodes behind one address are not all equally far. */
const AGAIN = 20;

/** Transfers of one ERC-20 token, read from a node's logs. */
export const evmChain = (evm: Evm, by = stride): Chain => ({
  network: "evm",
  address: evm.address,
  async read(from) {
    try {
      return await readEvm(evm, from, by);
    } catch (error) {
      throw error instanceof GatewayError ? error : awayOf(error);
    }
  },
});

async function readEvm(
  evm: Evm,
  { cursor, addresses, since }: ReadFrom,
  { range, ranges }: typeof stride,
): Promise<Reading> {
  const client = await nodeOf(evm);
  const newest = await client.getBlock();
  const head = Number(newest.number);
  const from = firstBlock(head, evm.confirmations, cursor?.block);
  const to = Math.min(head, from + range * ranges - 1);
  const logs: Log[] = [];
  for (let first = from; first <= to; first += range) {
    const last = Math.min(first + range - 1, to);
    logs.push(...await logsIn(client, { token: evm.token, addresses, first, last }));
  }
  const timeOf = clockOf(client, newest);
  const sightings = await Promise.all(logs.map((log) => sightingOf(log, { addresses, timeOf })));
  const toAt = await timeOf(to);
  return {
    ...{ network: "evm", from, to, toAt, resumeAt: toAt, head, needed: evm.confirmations },
    sightings: sightings.filter(({ minedAt, micro }) => minedAt >= since && micro >= DUST),
  };
}

/** The last blocks are read again, for a reorganisation to show. A cursor far ahead is another chain's. */
function firstBlock(head: number, confirmations: number, cursor?: number): number {
  const again = Math.max(confirmations, AGAIN);
  if (cursor === undefined || cursor > head + again) return Math.max(0, head - FIRST);
  return Math.max(0, Math.min(cursor, head) - again + 1);
}

async function sightingOf(
  log: Log,
  by: { addresses: string[]; timeOf: (block: number) => Promise<number> },
): Promise<Sighting> {
  const block = Number(log.blockNumber);
  const { from, to, value } = log.args;
  return {
    ...{ tx: log.transactionHash, logIndex: log.logIndex, block, fromAddress: from },
    minedAt: log.blockTimestamp ? Number(log.blockTimestamp) * 1000 : await by.timeOf(block),
    toAddress: by.addresses.find((one) => one.toLowerCase() === to.toLowerCase()) ?? to,
    micro: microOf(value),
  };
}
