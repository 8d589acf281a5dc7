import { matchAlone, matchByQuote, matchByTx } from "./chain_matches.ts";
import type { TransferKey } from "./chain_transfers.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { chainCursors, type Network } from "./schema.ts";

/** A transfer to one of our addresses, as a chain shows it. */
export type Sighting = Omit<TransferKey, "network"> & {
  block: number;
  minedAt: number;
  fromAddress: string;
  toAddress: string;
  /** 10^-6 USDT. */
  micro: number;
};
/** All transfers to our addresses in the blocks `from` to `to`, while `head` was the newest. */
export type Reading = {
  network: Network;
  sightings: Sighting[];
  from: number;
  to: number;
  /** When `to` was made, by the chain's clock, and from when on a chain that is read by time is read next. */
  toAt: number;
  resumeAt: number;
  head: number;
  /** Blocks, its own counted, that a transfer needs to be final. */
  needed: number;
};

/**
 * Keeps what a reading showed, in one batch: new transfers, how deep they lie, which ones a reorganisation took
 * away, whose they are, and how far was read. The same reading again changes nothing.
 */
export async function keepReading(db: Db, reading: Reading, now: number) {
  const found = JSON.stringify(reading.sightings);
  await commit(db, [
    keepSightings(reading, { found, now }),
    markRemoved(reading, { found, now }),
    matchByQuote(reading.network, now),
    matchByTx(reading.network, now),
    matchAlone(reading.network, now),
    moveCursor(db, reading, now),
  ]);
}

/** After a reorganisation a log may have another's number: then it is not the same transfer any more. */
const keepSightings = (
  { network, head, needed }: Reading,
  { found, now }: { found: string; now: number },
): Statement => ({
  sql: `insert into chain_transfers (network, tx, log_index, block, mined_at, from_address,
      to_address, micro, confirmations, confirmed_at, seen_at)
    select :network, value ->> 'tx', value ->> 'logIndex', value ->> 'block', value ->> 'minedAt',
      value ->> 'fromAddress', value ->> 'toAddress', value ->> 'micro',
      min(:needed, :head - (value ->> 'block') + 1),
      iif(:head - (value ->> 'block') + 1 >= :needed, :now, null), :now
    from json_each(:found) where true
    on conflict (network, tx, log_index) do update set block = excluded.block,
      mined_at = excluded.mined_at, from_address = excluded.from_address,
      to_address = excluded.to_address, micro = excluded.micro,
      confirmations = excluded.confirmations, confirmed_at = excluded.confirmed_at,
      removed_at = null,
      payment_id = iif(micro = excluded.micro and to_address = excluded.to_address, payment_id, null)
    where confirmed_at is null`,
  args: { network, head, needed, found, now },
});

const markRemoved = (
  { network, from, to }: Reading,
  { found, now }: { found: string; now: number },
): Statement => ({
  sql: `update chain_transfers set removed_at = :now, confirmations = 0
    where network = :network and settled_at is null and confirmed_at is null and removed_at is null
      and block between :from and :to
      and tx || ':' || log_index not in
        (select (value ->> 'tx') || ':' || (value ->> 'logIndex') from json_each(:found))`,
  args: { network, from, to, found, now },
});

function moveCursor(db: Db, { network, to: block, resumeAt }: Reading, now: number) {
  const set = { block, resumeAt, readAt: now };
  return db.insert(chainCursors).values({ network, ...set })
    .onConflictDoUpdate({ target: chainCursors.network, set });
}
