import type { Client } from "./usdt_evm_node.ts";

export type Log = Awaited<ReturnType<typeof logsIn>>[number];

type Range = { token: string; addresses: string[]; first: number; last: number };

export async function logsIn(client: Client, { token, addresses, first, last }: Range) {
  const { parseAbiItem } = await import("viem");
  return await client.getLogs({
    address: token as `0x${string}`,
    event: parseAbiItem(
      "event Transfer(address indexed from, address indexed to, uint256 value)",
    ),
    args: { to: addresses.map((one) => one.toLowerCase() as `0x${string}`) },
    ...{ fromBlock: BigInt(first), toBlock: BigInt(last), strict: true },
  });
}

/** When a block was made; asked once each, and only where the node does not write it beside its logs. */
export function clockOf(client: Client, newest: { number: bigint; timestamp: bigint }) {
  const times = new Map([[
    Number(newest.number),
    Promise.resolve(Number(newest.timestamp) * 1000),
  ]]);
  return (block: number) => {
    const time = times.get(block) ??
      client.getBlock({ blockNumber: BigInt(block) }).then(({ timestamp }) =>
        Number(timestamp) * 1000
      );
    times.set(block, time);
    return time;
  };
}
