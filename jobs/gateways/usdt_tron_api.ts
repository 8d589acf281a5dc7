import { z } from "zod";
import { GatewayError } from "./gateway.ts";
import { refusalOf } from "./refusals.ts";
import type { Usdt } from "./usdt_networks.ts";

export type Tron = NonNullable<Usdt["tron"]>;
/** A transfer in the index of an account, and a log in a receipt. */
export type Item = z.infer<typeof itemShape>;
export type Log = NonNullable<z.infer<typeof infoShape>["log"]>[number];

/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;

const nowShape = z.object({
  block_header: z.object({ raw_data: z.object({ number: z.number(), timestamp: z.number() }) }),
});
const itemShape = z.object({
  transaction_id: z.string().regex(/^[0-9a-f]{64}$/i).toLowerCase(),
  block_timestamp: z.number(),
  type: z.string().default("Transfer"),
  from: z.string(),
  to: z.string(),
  value: z.string().regex(/^\d{1,78}$/),
  token_info: z.object({ address: z.string(), decimals: z.number().default(6) }),
});
const pageShape = z.object({
  data: z.array(itemShape),
  meta: z.object({ fingerprint: z.string().optional() }).default({}),
});
/** Empty while no block holds the transaction. */
const infoShape = z.object({
  blockNumber: z.number(),
  blockTimeStamp: z.number(),
  receipt: z.object({ result: z.string().optional() }),
  log: z.array(z.object({
    address: z.string(),
    topics: z.array(z.string()),
    data: z.string().regex(/^[0-9a-f]{64}$/i),
  })),
}).partial();

export async function newestBlock(tron: Tron) {
  const { block_header } = await ask(tron, nowShape, { path: "/wallet/getnowblock", body: {} });
  return block_header.raw_data;
}

export const listPage = (tron: Tron, address: string, query: URLSearchParams) =>
  ask(tron, pageShape, { path: `/v1/accounts/${address}/transactions/trc20?${query}` });

export const receiptOf = (tron: Tron, tx: string) =>
  ask(tron, infoShape, { path: "/wallet/gettransactioninfobyid", body: { value: tx } });

async function ask<T>(
  tron: Tron,
  shape: z.ZodType<T>,
  { path, body }: { path: string; body?: unknown },
): Promise<T> {
  const answer = await fetch(tron.apiBase + path, {
    signal: AbortSignal.timeout(PATIENCE),
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    headers: { accept: "application/json", "content-type": "application/json" },
  }).catch((error) => {
    throw error?.name === "TimeoutError"
      ? new GatewayError("timeout", false)
      : refusalOf(undefined);
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw refusalOf(answer.status);
  }
  const read = shape.safeParse(await answer.json().catch(() => null));
  if (!read.success) throw new GatewayError("unreadable", false);
  return read.data;
}
