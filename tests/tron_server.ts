import { createHash } from "node:crypto";

/** A TRC-20 transfer as somebody makes it; what is not said is right. */
type Wish =
  & { to: string; micro: number | bigint }
  & Partial<{
    token: string;
    /** What the receipt says. */
    result: string;
    /** Whose log it is, where that is not the token that the index names. */
    logOf: string;
    decimals: number;
    type: string;
  }>;
type Made = Required<Wish> & { tx: string; block: number | null };

/** Tron's HTTP API, of a node that filters less than it is asked to, on a free loopback port, over a chain that is mined by hand. */
export type TronServer = AsyncDisposable & {
  url: string;
  token: string;
  /** Makes a transfer and returns its transaction; in a block after `mine`. */
  send(wish: Wish): string;
  /** Makes blocks, three seconds apart. */
  mine(blocks?: number): void;
  /** A reorganisation takes the transaction out of its block. */
  drop(tx: string): void;
  /** The paths that were asked for since the last look. */
  asked(): string[];
  /** How little it says: answers without what they may leave out, or the index of accounts alone. */
  says: "all" | "little" | "index";
  /** While it is away every question is answered 503. */
  away: boolean;
};

const SLOT = 3000;
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** The token's real address. */
const USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
/** The bytes behind each address that a test knows: what the product must read off the address itself. */
const bytesOf = new Map([[USDT, "a614f803b6fd780986a42c78ec9c7f77e6ded13c"]]);
const SENDER = tronAddress("5e".repeat(20));
const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** Starts it with its clock at `now`, in milliseconds. `pageSize` is the most that a page holds. */
export function startTron(now: number, { pageSize = 200 } = {}): TronServer {
  const made: Made[] = [];
  const asked: string[] = [];
  const chain = { made, now, height: 1000, pageSize };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    asked.push(pathname);
    if (tron.away) return new Response(null, { status: 503 });
    const body = request.method === "POST" ? await request.json() : {};
    if (tron.says === "index" && pathname.startsWith("/wallet")) return notFound();
    if (pathname === "/wallet/getnowblock") return Response.json(newest(chain));
    if (pathname === "/wallet/gettransactioninfobyid") {
      const { log, ...info } = infoOf(chain, body.value);
      return Response.json(tron.says === "all" ? { ...info, log } : info);
    }
    const address = /^\/v1\/accounts\/(\w+)\/transactions\/trc20$/.exec(pathname)?.[1];
    if (!address) return notFound();
    const whole = page(chain, address, searchParams);
    return Response.json(tron.says === "all" ? whole : { data: whole.data.map(brief) });
  });
  const tron: TronServer = {
    ...{ url: `http://127.0.0.1:${server.addr.port}`, away: false, token: USDT, says: "all" },
    send(wish) {
      const tx = createHash("sha256").update(`${made.length}`).digest("hex");
      const right = { token: USDT, result: "SUCCESS", decimals: 6, type: "Transfer" };
      made.push({ ...right, logOf: wish.token ?? USDT, ...wish, tx, block: null });
      return tx;
    },
    mine(blocks = 1) {
      for (const one of made) one.block ??= chain.height + 1;
      chain.height += blocks;
    },
    drop: (tx) => void made.splice(made.findIndex((one) => one.tx === tx), 1),
    asked: () => asked.splice(0),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return tron;
}

type Chain = { made: Made[]; now: number; height: number; pageSize: number };

const notFound = () => new Response(null, { status: 404 });
const timeOf = (chain: Chain, block: number) => chain.now + (block - 1000) * SLOT;

const newest = (chain: Chain) => ({
  block_header: { raw_data: { number: chain.height, timestamp: timeOf(chain, chain.height) } },
});

function page(chain: Chain, address: string, query: URLSearchParams) {
  const after = Number(query.get("min_timestamp"));
  const deep = query.get("only_confirmed") === "true" ? 18 : 0;
  const all = chain.made.filter(({ to, block }) =>
    block !== null && to === address && timeOf(chain, block) >= after &&
    chain.height - block >= deep
  );
  const [at, size] = [
    Number(query.get("fingerprint") ?? 0),
    Math.min(Number(query.get("limit")), chain.pageSize),
  ];
  return {
    data: all.slice(at, at + size).map((one) => itemOf(chain, one)),
    success: true,
    meta: {
      page_size: size,
      ...(at + size < all.length ? { fingerprint: String(at + size) } : {}),
    },
  };
}

const itemOf = (chain: Chain, { tx, block, to, micro, token, decimals, type }: Made) => ({
  ...{ transaction_id: tx, block_timestamp: timeOf(chain, block ?? 0), from: SENDER, to, type },
  value: String(micro),
  token_info: { symbol: "USDT", name: "Tether USD", address: token, decimals },
});

type ItemTold = ReturnType<typeof itemOf>;

const brief = ({ transaction_id, block_timestamp, from, to, value, token_info }: ItemTold) => ({
  ...{ transaction_id, block_timestamp, from, to, value },
  token_info: { address: token_info.address },
});

function infoOf(chain: Chain, tx: string): Record<string, unknown> {
  const one = chain.made.find((made) => made.tx === tx);
  if (!one?.block) return {};
  const [value, from, to] = [one.micro.toString(16), bytesOf.get(SENDER), bytesOf.get(one.to)]
    .map((hex = "") => hex.padStart(64, "0"));
  const log = { address: bytesOf.get(one.logOf), topics: [TRANSFER, from, to], data: value };
  return {
    ...{ id: tx, blockNumber: one.block, blockTimeStamp: timeOf(chain, one.block) },
    receipt: { result: one.result },
    log: [log],
  };
}

/** An address of Tron for 20 bytes in hex: Base58Check of 41 and the bytes. */
export function tronAddress(bytes: string): string {
  const sha = (hex: string) => createHash("sha256").update(hex, "hex").digest("hex");
  const checked = `41${bytes}`;
  const address = toBase58(BigInt(`0x${checked}${sha(sha(checked)).slice(0, 8)}`));
  bytesOf.set(address, bytes);
  return address;
}

function toBase58(number: bigint): string {
  return number === 0n ? "" : toBase58(number / 58n) + BASE58[Number(number % 58n)];
}
