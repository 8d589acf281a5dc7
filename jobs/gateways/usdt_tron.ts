import type { Reading, Sighting } from "../../db/chain_readings.ts";
import { DUST, microOf } from "../../db/usdt.ts";
import { GatewayError } from "./gateway.ts";
import type { Chain, ReadFrom } from "./usdt_chains.ts";
import { TRON_CONFIRMATIONS } from "./usdt_networks.ts";
import { hexOf, lastBytes } from "./usdt_tron_addresses.ts";
import { type Item, type Log, newestBlock, receiptOf, type Tron } from "./usdt_tron_api.ts";
import { readIndex } from "./usdt_tron_index.ts";
import { listTransfers, transferIn } from "./usdt_tron_lists.ts";

/** Transactions asked about at once. */
const AT_ONCE = 5;
/** The last milliseconds that were read are read again, for a reorganisation to show. */
const AGAIN = 600_000;
/** keccak-256 of Transfer(address,address,uint256). */
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

type Newest = { number: number; timestamp: number };

/**
 * Transfers of one TRC-20 token by Tron's HTTP API. Its index of accounts says where to look; what a
 * transaction did is read off its own receipt. An address that has the index alone is read by that.
 */
export const tronChain = (tron: Tron): Chain => ({
  network: "tron",
  address: tron.address,
  async read(from) {
    const newest = await newestBlock(tron).catch(unlessUnknown);
    return newest ? await readTron(tron, from, newest) : await readIndex(tron, from);
  },
});

/** Null where nothing answers at this address for good. */
function unlessUnknown(error: unknown): null {
  if (error instanceof GatewayError && error.word === "refused-404") return null;
  throw error;
}

async function readTron(
  tron: Tron,
  { cursor, addresses, since }: ReadFrom,
  { number: head, timestamp: headAt }: Newest,
): Promise<Reading> {
  const again = headAt - AGAIN;
  const first = cursor ? Math.min(cursor.resumeAt, again) : since;
  const { items, until: toAt } = await listTransfers(tron, { addresses, first, headAt });
  const sightings = (await inTurns(items, (item) => sightingsIn(tron, item, addresses))).flat();
  const read = sightings.filter(({ minedAt }) => minedAt <= toAt).map(({ block }) => block);
  const to = toAt === headAt ? head : Math.max(cursor?.block ?? 0, ...read);
  const resumeAt = Math.min(toAt, again);
  const needed = TRON_CONFIRMATIONS;
  return { network: "tron", sightings, from: 0, to, toAt, resumeAt, head, needed };
}

/** What a transaction that succeeded moved to us, by its own logs; without any, by the index. */
async function sightingsIn(tron: Tron, item: Item, addresses: string[]): Promise<Sighting[]> {
  const told = await receiptOf(tron, item.transaction_id);
  const { blockNumber: block, blockTimeStamp: minedAt, receipt, log } = told;
  if (block === undefined || minedAt === undefined || receipt?.result !== "SUCCESS") return [];
  const moved = log
    ? log.flatMap((one, logIndex) => transfersBy(tron, { item, one, logIndex, addresses }))
    : transferIn(item, addresses);
  return moved.map((one) => ({ ...one, block, minedAt }));
}

type Line = { item: Item; one: Log; logIndex: number; addresses: string[] };

function transfersBy(tron: Tron, { item, one, logIndex, addresses }: Line) {
  const toAddress = addresses.find((address) => hexOf(address) === lastBytes(one.topics[2]));
  const micro = microOf(BigInt(`0x${one.data}`));
  if (!toAddress || !isTransferOf(tron, one) || micro < DUST) return [];
  return [{ tx: item.transaction_id, logIndex, micro, toAddress, fromAddress: item.from }];
}

const isTransferOf = ({ token }: Tron, log: Log) =>
  lastBytes(log.address) === hexOf(token) && log.topics[0]?.toLowerCase() === TRANSFER;

async function inTurns<T, R>(all: T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    done.push(...await Promise.all(all.slice(at, at + AT_ONCE).map(act)));
  }
  return done;
}
