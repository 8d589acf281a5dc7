import { keepReading } from "../db/chain_readings.ts";
import { type ChainCursor, readWatch, type Watch } from "../db/chain_watch.ts";
import type { Db } from "../db/client.ts";
import { lapse, listLapsed, listLeft } from "../db/lapsed_quotes.ts";
import { takeNotice } from "../db/payment_notices.ts";
import { listTransfersToTell, tellTransfer, unconfirmed } from "../db/transfer_notices.ts";
import { GatewayError } from "./gateways/gateway.ts";
import { type Chain, chainsOf } from "./gateways/usdt_chains.ts";
import { nameOf } from "./log.ts";
import type { Post } from "./send_emails.ts";

/** How often a network is read where no money is awaited, in milliseconds. */
const IDLE = 3_600_000;
/** How far a chain's clock may be behind ours, in milliseconds. */
const SKEW = 600_000;

/**
 * Reads the networks where USDT is awaited and tells the ledger what came, and what did not come in time. One that
 * is away keeps no other from being read; it is thrown at the end, in one word, and read on from there next time.
 * What is awaited on a network that is not read any more ends too.
 */
export async function watchChains(
  { db, config }: Pick<Post, "db" | "config">,
  now: number,
): Promise<number> {
  const chains = config.usdt ? chainsOf(config.usdt) : [];
  const looks = await Promise.allSettled([leave(db, chains, now), lookAtAll(db, chains, now)]);
  return sumOf(looks);
}

/** Ends the quotes of networks that are read no more; of a transfer that was seen there a person learns. */
async function leave(db: Db, chains: Chain[], now: number): Promise<number> {
  const left = await listLeft(db, { watched: chains.map(({ network }) => network), now });
  await eachOf(
    left,
    ({ payment, transfer }) =>
      takeNotice(db, transfer ? unconfirmed(payment, transfer) : lapse(payment, now), now),
  );
  return left.length;
}

async function lookAtAll(db: Db, chains: Chain[], now: number): Promise<number> {
  if (chains.length === 0) return 0;
  const watch = await readWatch(db, now);
  const looks = await Promise.allSettled(chains.map((chain) => look(db, { chain, watch, now })));
  return sumOf(looks);
}

/** What all did; where one failed, the first failure is thrown. */
function sumOf(looks: PromiseSettledResult<number>[]): number {
  for (const one of looks) if (one.status === "rejected") throw one.reason;
  return looks.reduce((sum, one) => sum + (one.status === "fulfilled" ? one.value : 0), 0);
}

type Look = { chain: Chain; watch: Watch; now: number };

/** Returns how many transfers and ends the ledger was told of. */
async function look(db: Db, { chain, watch, now }: Look): Promise<number> {
  const awaited = watch.awaited.filter(({ network }) => network === chain.network);
  const cursor = watch.cursors.find(({ network }) => network === chain.network);
  if (awaited.length === 0 && !isDue(cursor, now)) return 0;
  const addresses = [chain.address, ...awaited.flatMap(({ address }) => address ?? [])];
  const since = cursor ? 0 : Math.min(...awaited.map((one) => one.since)) - SKEW;
  try {
    const reading = await chain.read({ cursor, addresses: [...new Set(addresses)], since, now });
    await keepReading(db, reading, now);
    return await tell(db, { chain, now, readUntil: Math.min(now, reading.toAt) });
  } catch (error) {
    throw named(chain, error);
  }
}

/** What nobody awaits comes too, and the way to read grows with the time: so a look now and then. */
const isDue = (cursor: ChainCursor | undefined, now: number) =>
  cursor !== undefined && cursor.readAt + IDLE <= now;

type Tell = { chain: Chain; now: number; readUntil: number };

async function tell(db: Db, { chain: { network }, now, readUntil }: Tell): Promise<number> {
  const came = await listTransfersToTell(db, network);
  await eachOf(came, (one) => tellTransfer(db, one, now));
  const lapsed = await listLapsed(db, network, readUntil);
  await eachOf(lapsed, (payment) => takeNotice(db, lapse(payment, now), now));
  return came.length + lapsed.length;
}

/** One that fails keeps no other back; the first failure is thrown when all had their turn. */
async function eachOf<T>(all: T[], act: (one: T) => Promise<unknown>) {
  const failures: unknown[] = [];
  for (const one of all) await act(one).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** A run's record keeps an error's name. */
const named = ({ network }: Chain, error: unknown) =>
  Object.assign(new Error(), {
    name: `${network}-${error instanceof GatewayError ? error.word : nameOf(error)}`,
  });
