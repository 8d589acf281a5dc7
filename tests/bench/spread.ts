import { openDb } from "../../db/client.ts";
import { startDatabase } from "../databases.ts";
import { type Result, signIn } from "./contests.ts";
import { fill } from "./fixture.ts";
import type { Ask, Client } from "./load.ts";
import { AT_HOME, startProduct, startThreads } from "./processes.ts";
import { compare } from "./rounds.ts";

const THREADS = 2;

/** What threads that share one libSQL server carry, beside one process on it. All of it and wrk share this machine. */
export async function measureSpread(
  { client, rounds, seconds }: { client: Client; rounds: number; seconds: number },
): Promise<Result[]> {
  await using stack = new AsyncDisposableStack();
  const onDisk = await Deno.makeTempDir({ prefix: "connectpro_bench_" });
  stack.defer(() => Deno.remove(onDisk, { recursive: true }));
  const { url } = stack.use(await startDatabase("sqld", onDisk));
  const db = await openDb(url);
  await fill(db, { bookings: 500, messages: 10_000 });
  db.$client.close();
  const one = stack.use(await startProduct(url));
  const many = stack.use(await startThreads(url, THREADS));
  const cookie = await signIn(one.url);
  const asks: Record<string, (url: string) => Ask> = {
    "catalogue from memory": (url) => ({ url: `${url}/services`, status: 200 }),
    "dashboard": (url) => ({ url: `${url}/dashboard`, status: 200, headers: { Cookie: cookie } }),
    "booking": (url) => ({ url: `${url}/bookings`, status: 303, book: { origin: AT_HOME } }),
  };
  const results: Result[] = [];
  for (const [name, ask] of Object.entries(asks)) {
    const perSecond = (url: string) => async () => (await client.run(ask(url), seconds)).perSecond;
    const ratios = await compare(perSecond(many.url), perSecond(one.url), rounds);
    results.push({
      name: `${name}: ${THREADS} threads on one libSQL server, against one process on it`,
      target: "told",
      value: ratios.median.toFixed(2),
      detail: `${ratios.ours.toFixed(0)}/s against ${ratios.peers.toFixed(0)}/s`,
      met: null,
    });
  }
  return results;
}
