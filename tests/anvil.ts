import { answers, freePort } from "./process.ts";
/** A question to the node. */
export type Call = { method: string; params: Record<string, string>[] };
/** A chain of our own: anvil from npm, mined by hand, with a token that has six decimals on it. */
export type Anvil = AsyncDisposable & {
  url: string;
  chainId: number;
  token: string;
  /** Sends `micro` of `token` to an address and returns the transaction; in a block after `mine`. */
  send(to: string, micro: number | bigint, token?: string): Promise<string>;
  /** Makes blocks, `seconds` (12) apart by the chain's clock. */
  mine(blocks?: number, seconds?: number): Promise<void>;
  /** The same token with other decimals; with null one that does not say. */
  deploy(decimals: number | null): Promise<string>;
  /** What the last `depth` blocks held is forgotten; empty blocks take their place. */
  reorganise(depth: number): Promise<void>;
  /** What was asked since the last look. */
  asked(): Call[];
  /** While it is away every question is answered 503. */
  away: boolean;
};

const CHAIN = 31337;

/** Starts it with its clock at `now`, in milliseconds. */
export async function startAnvil(now: number): Promise<Anvil> {
  const node = await startNode(now);
  const asked: Call[] = [];
  const door = { away: false };
  const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (door.away) return new Response(null, { status: 503 });
    const body = await request.text();
    asked.push(JSON.parse(body));
    const headers = { "content-type": "application/json" };
    return await fetch(node.url, { method: "POST", headers, body });
  });
  const rpc = (method: string, ...params: unknown[]) => callNode(node.url, method, params);
  const [from] = await rpc("eth_accounts") as string[];
  const transact = (sent: Record<string, string>) =>
    rpc("eth_sendTransaction", { from, gas: "0x100000", ...sent }) as Promise<string>;
  const mine = async (blocks = 1, seconds = 12) => void await rpc("anvil_mine", blocks, seconds);
  const deploy = async (decimals: number | null) => {
    const tx = await transact({ data: tokenCode(decimals) });
    await mine();
    const receipt = await rpc("eth_getTransactionReceipt", tx) as { contractAddress: string };
    return receipt.contractAddress;
  };
  const token = await deploy(6);
  return Object.assign(door, {
    ...{ url: `http://127.0.0.1:${proxy.addr.port}`, chainId: CHAIN, token, mine, deploy },
    send: (to: string, micro: number | bigint, of = token) =>
      transact({ to: of, data: transferCall(to, micro) }),
    reorganise: async (depth: number) => void await rpc("anvil_reorg", depth, []),
    asked: () => asked.splice(0),
    async [Symbol.asyncDispose]() {
      await proxy.shutdown();
      await node.stop();
    },
  });
}

async function startNode(now: number) {
  for (let attempt = 1;; attempt++) {
    const port = String(freePort());
    const child = new Deno.Command(await binary(), {
      args: ["--port", port, "--timestamp", String(now / 1000), "--no-mining", "--silent"],
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    const ended = child.status.then(() => false);
    const url = `http://127.0.0.1:${port}`;
    if (await Promise.race([ended, answers(() => callNode(url, "eth_chainId", []), ended)])) {
      const stop = async () => {
        child.kill("SIGKILL");
        await ended;
      };
      return { url, stop };
    }
    if (attempt === 3) throw new Error("anvil does not start");
  }
}

/** Only the Linux package is pinned, so elsewhere `ANVIL_PATH` names one. npm leaves the run bit off. */
async function binary(): Promise<string> {
  const named = Deno.env.get("ANVIL_PATH");
  if (named) return named;
  const home = import.meta.resolve("@foundry-rs/anvil-linux-amd64/package.json");
  const path = decodeURIComponent(new URL("bin/anvil", home).pathname);
  await Deno.chmod(path, 0o755);
  return path;
}

async function callNode(url: string, method: string, params: unknown[]): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

const word = (value: number | bigint | string) =>
  (typeof value === "string" ? value.replace(/^0x/, "") : value.toString(16)).padStart(64, "0");

const transferCall = (to: string, micro: number | bigint) =>
  `0xa9059cbb${word(to.toLowerCase())}${word(micro)}`;

const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** A token by hand: `decimals()` answers, and `transfer(to, value)` only says Transfer(caller, to, value). */
function tokenCode(decimals: number | null): string {
  const answer = "60005260206000f3";
  const asked = decimals === null ? "ffffffff" : "313ce567";
  const dispatch = `60003560e01c8063${asked}146020578063a9059cbb14602b5760006000f300`;
  const tellDecimals = `5b60${(decimals ?? 0).toString(16).padStart(2, "0")}${answer}`;
  const transfer = `5b602435600052600435337f${TRANSFER}60206000a36001${answer}`;
  const code = dispatch + tellDecimals + transfer;
  const length = (code.length / 2).toString(16).padStart(2, "0");
  return `0x60${length}80600b6000396000f3${code}`;
}
