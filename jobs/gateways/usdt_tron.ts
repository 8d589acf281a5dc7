import type { Reading, Sighting } from "../../db/chain_readings.ts";
import { DUST, microOf } from "../../db/usdt.ts";
import { GatewayError } from "./gateway.ts";
import type { Chain, ReadFrom } from "./usdt_chains.ts";
import { TRON_CONFIRMATIONS } from "./usdt_networks.ts";
import { hexOf, lastBytes } from "./usdt_tron_addresses.ts";
import {
  type Item,
  listPage,
  type Log,
  newestBlock,
  receiptOf,
  type Tron,
} from "./usdt_tron_api.ts";

/** Transfers on one page, the most that the API gives, and pages of one address in one run. */
const LIMIT = 200;
const PAGES = 3;
/** Transactions asked about at once. */
const AT_ONCE = 5;
/** The last milliseconds that were read are read again, for a reorganisation to show. */
const AGAIN = 600_000;
/** keccak-256 of Transfer(address,address,uint256). */
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/**
 * Transfers of one TRC-20 token by Tron's HTTP API. Its index of accounts says where to look; what a
 * transaction did is read off its own receipt.
 */
export const tronChain = (tron: Tron): Chain => ({
  network: "tron",
  address: tron.address,
  read: (from) => readTron(tron, from),
});

async function readTron(tron: Tron, { cursor, addresses, since }: ReadFrom): Promise<Reading> {
  const { number: head, timestamp: headAt } = await newestBlock(tron);
  const again = headAt - AGAIN;
  const first = cursor ? Math.min(cursor.resumeAt, again) : since;
  const lists = await Promise.all(
    addresses.map((address) => listItems(tron, { address, first, headAt })),
  );
  const items = new Map(
    lists.flatMap((list) => list.items).map((one) => [one.transaction_id, one]),
  );
  const sightings =
    (await inTurns([...items.values()], (item) => sightingsIn(tron, item, addresses)))
      .flat();
  const toAt = Math.min(headAt, ...lists.map((list) => list.until));
  const read = sightings.filter(({ minedAt }) => minedAt <= toAt).map(({ block }) => block);
  const to = toAt === headAt ? head : Math.max(cursor?.block ?? 0, ...read);
  const resumeAt = Math.min(toAt, again);
  const needed = TRON_CONFIRMATIONS;
  return { network: "tron", sightings, from: 0, to, toAt, resumeAt, head, needed };
}

/** The transfers to `address` from `first` on, oldest first, and until when they are complete. */
async function listItems(
  tron: Tron,
  { address, first, headAt }: { address: string; first: number; headAt: number },
): Promise<{ items: Item[]; until: number }> {
  const items: Item[] = [];
  const query = new URLSearchParams({
    ...{ only_to: "true", contract_address: tron.token, limit: String(LIMIT) },
    ...{ min_timestamp: String(Math.max(0, first)), order_by: "block_timestamp,asc" },
  });
  for (let page = 0; page < PAGES; page++) {
    const { data, meta } = await listPage(tron, address, query);
    items.push(...data);
    if (!meta.fingerprint) return { items: items.filter(isOurs(tron)), until: headAt };
    query.set("fingerprint", meta.fingerprint);
  }
  const until = items.at(-1)?.block_timestamp ?? first;
  return { items: items.filter(isOurs(tron)), until };
}

const isOurs = ({ token }: Tron) => ({ type, token_info }: Item) => {
  if (type !== "Transfer" || token_info.address !== token) return false;
  if (token_info.decimals !== 6) throw new GatewayError("wrong-decimals", true);
  return true;
};

/** What a transaction that succeeded moved to us, by its own logs. */
async function sightingsIn(tron: Tron, item: Item, addresses: string[]): Promise<Sighting[]> {
  const told = await receiptOf(tron, item.transaction_id);
  const { blockNumber: block, blockTimeStamp: minedAt, receipt, log = [] } = told;
  if (block === undefined || minedAt === undefined || receipt?.result !== "SUCCESS") return [];
  const ours = new Map(addresses.map((address) => [hexOf(address), address]));
  return log.flatMap((one, logIndex) => {
    const toAddress = ours.get(lastBytes(one.topics[2]));
    if (!toAddress || !isTransferOf(tron, one)) return [];
    const micro = microOf(BigInt(`0x${one.data}`));
    if (micro < DUST) return [];
    return [{
      ...{ tx: item.transaction_id, logIndex, block, minedAt, micro, toAddress },
      fromAddress: item.from,
    }];
  });
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
