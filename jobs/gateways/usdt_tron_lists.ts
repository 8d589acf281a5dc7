import { DUST, microOf } from "../../db/usdt.ts";
import { GatewayError } from "./gateway.ts";
import { type Item, listPage, type Tron } from "./usdt_tron_api.ts";

/** Transfers on one page, the most that the API gives, and pages of one address in one run. */
const LIMIT = 200;
const PAGES = 3;

type Wanted = { addresses: string[]; first: number; headAt: number; onlyConfirmed?: boolean };

/** What the index of accounts says came to our addresses from `first` on, once each, and until when that is all. */
export async function listTransfers(tron: Tron, { addresses, ...wanted }: Wanted) {
  const lists = await Promise.all(
    addresses.map((address) => listItems(tron, { address, ...wanted })),
  );
  const items = new Map(
    lists.flatMap((list) => list.items).map((one) => [one.transaction_id, one]),
  );
  return {
    items: [...items.values()],
    until: Math.min(wanted.headAt, ...lists.map((list) => list.until)),
  };
}

/** The transfers to `address`, oldest first, and until when they are complete. */
async function listItems(
  tron: Tron,
  { address, first, headAt, onlyConfirmed }: Omit<Wanted, "addresses"> & { address: string },
): Promise<{ items: Item[]; until: number }> {
  const items: Item[] = [];
  const query = new URLSearchParams({
    ...{ only_to: "true", contract_address: tron.token, limit: String(LIMIT) },
    ...{ min_timestamp: String(Math.max(0, first)), order_by: "block_timestamp,asc" },
    ...onlyConfirmed ? { only_confirmed: "true" } : {},
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

/** The transfer as the index has it; none that goes to another's address, or of dust. */
export function transferIn({ transaction_id: tx, from, to, value }: Item, addresses: string[]) {
  const micro = microOf(BigInt(value));
  if (!addresses.includes(to) || micro < DUST) return [];
  return [{ tx, logIndex: 0, micro, toAddress: to, fromAddress: from }];
}
