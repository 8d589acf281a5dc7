/// <reference lib="deno.worker" />
import { argon2id, argon2Verify } from "hash-wasm";
import type { Cost } from "./passwords.ts";

type Job = { id: number; password: string; hash?: string; cost: Cost };

/** One job that fails must not end the worker, which others wait for. */
self.onmessage = async ({ data: { id, ...job } }: MessageEvent<Job>) => {
  try {
    self.postMessage({ id, result: await work(job) });
  } catch {
    self.postMessage({ id });
  }
};

async function work({ password, hash, cost }: Omit<Job, "id">): Promise<string | boolean> {
  if (hash !== undefined) return await argon2Verify({ password, hash });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return await argon2id({ ...cost, password, salt, outputType: "encoded" });
}
