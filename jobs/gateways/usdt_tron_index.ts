import type { Reading } from "../../db/chain_readings.ts";
import type { ReadFrom } from "./usdt_chains.ts";
import { TRON_CONFIRMATIONS } from "./usdt_networks.ts";
import type { Tron } from "./usdt_tron_api.ts";
import { listTransfers, transferIn } from "./usdt_tron_lists.ts";

/** An index may hear of a transfer some milliseconds after it was confirmed. */
const AGAIN = 600_000;

/**
 * What the index of accounts says where no node answers beside it: only what it calls confirmed, as deep as we
 * want it, at no block that we know.
 */
export async function readIndex(
  tron: Tron,
  { cursor, addresses, since, now }: ReadFrom,
): Promise<Reading> {
  const first = cursor ? Math.min(cursor.resumeAt, now - AGAIN) : since;
  const onlyConfirmed = true;
  const { items, until } = await listTransfers(tron, {
    ...{ addresses, first, headAt: now, onlyConfirmed },
  });
  const block = 0;
  const known = items.filter(({ block_timestamp }) => block_timestamp <= until);
  return {
    network: "tron",
    sightings: known.flatMap((item) =>
      transferIn(item, addresses).map((sighting) => ({
        ...{ ...sighting, block, minedAt: item.block_timestamp },
      }))
    ),
    ...{ from: block, to: block, toAt: until, resumeAt: Math.min(until, now - AGAIN) },
    ...{ head: TRON_CONFIRMATIONS - 1, needed: TRON_CONFIRMATIONS },
  };
}
