import { openDb } from "../../db/client.ts";
import { chatRooms } from "../../db/schema.ts";
import { ada } from "../cast.ts";
import { type Result, signIn } from "./contests.ts";
import { type Fixture, makeFixture } from "./fixture.ts";
import type { Ask, Client } from "./load.ts";
import type { Origin } from "./origin.ts";
import {
  answering,
  AT_HOME,
  cpuSeconds,
  end,
  freePort,
  production,
  residentMegabytes,
  startProduct,
  watch,
} from "./processes.ts";
import { compare, middle, type Ratios } from "./rounds.ts";

const words = ({ median, low, high }: Ratios) =>
  `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** From the command to the first page, against the smallest server there is. */
export async function measureStart(fixture: Fixture, rounds: number): Promise<Result> {
  const hello = new URL("hello.ts", import.meta.url).pathname;
  const timed = (program: string) => async () => {
    const port = freePort();
    const begun = performance.now();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", program],
      env: { ...production(fixture.url), PORT: String(port), HOST: "127.0.0.1" },
      ...{ stdin: "null", stdout: "null", stderr: "inherit" },
    }).spawn();
    await answering(`http://127.0.0.1:${port}/services`, child.status);
    const took = performance.now() - begun;
    await end(child);
    return took;
  };
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const ratios = await compare(timed(main), timed(hello), rounds);
  return {
    name: "cold start to the first page, against hello",
    target: "<= 4.5",
    value: words(ratios),
    detail: `${ratios.ours.toFixed(0)} ms against ${ratios.peers.toFixed(0)} ms`,
    met: ratios.median <= 4.5,
  };
}

const pages = {
  "dashboard": () => "/admin",
  "list": () => "/admin/bookings",
  "list of one status": () => "/admin/bookings?status=completed",
  "search": () => "/admin/bookings?q=client+77",
  "booking": (reference: string) => `/admin/bookings/${reference}`,
  "chat": (reference: string) => `/admin/bookings/${reference}/chat`,
};

/** What staff open, with many bookings behind it and with a thousand, asked in turns. */
export async function measureGrowth(big: { bookings: number; messages: number }, rounds: number) {
  await using stack = new AsyncDisposableStack();
  const sizes = [big, { bookings: 1000, messages: 20_000 }];
  const places: { url: string; cookie: string; reference: string }[] = [];
  for (const size of sizes) {
    const fixture = stack.use(await makeFixture(size));
    const { url } = stack.use(await startProduct(fixture.url));
    const cookie = await signIn(url, "/admin/sign-in", ada);
    places.push({ url, cookie, reference: fixture.reference });
  }
  const results: Result[] = [];
  for (const [name, path] of Object.entries(pages)) {
    const timed = (at: number) => async () => {
      const { url, cookie, reference } = places[at] as (typeof places)[number];
      const begun = performance.now();
      const response = await fetch(url + path(reference), {
        headers: { cookie },
        redirect: "manual",
      });
      await response.text();
      if (response.status !== 200) throw new Error(`${path(reference)} answers ${response.status}`);
      return performance.now() - begun;
    };
    const ratios = await compare(timed(0), timed(1), rounds * 3);
    results.push({
      name: `${name}: ${big.bookings} bookings and ${big.messages} messages against 1000 and 20000`,
      target: "< 2",
      value: words(ratios),
      detail: `${ratios.ours.toFixed(1)} ms against ${ratios.peers.toFixed(1)} ms`,
      met: ratios.median < 2,
    });
  }
  return results;
}

/** Processor time: what one delivered message costs us, against what one look for messages costs the origin. */
export async function measureChatCost(
  { fixture, origin, client, messages }: {
    fixture: Fixture;
    origin: Origin | null;
    client: Client;
    messages: number;
  },
): Promise<Result> {
  const name = "processor time of a delivered message, against a poll of the origin";
  const target = "<= 0.15";
  if (!origin) return { name, target, value: "peer skipped", detail: "not installed", met: null };
  const before = await cpuOf(origin.pids);
  const seconds = 3;
  const poll: Ask = { url: `${origin.url}/messages.php?room=3&after=100000`, status: 200 };
  const { perSecond } = await client.run(poll, seconds);
  const polled = (await cpuOf(origin.pids) - before) / (perSecond * seconds) * 1e6;
  const delivered = await deliveryCost(fixture, messages);
  const ratio = delivered / polled;
  const detail = `${delivered.toFixed(0)} us against ${polled.toFixed(0)} us`;
  return { name, target, value: ratio.toFixed(2), detail, met: ratio <= 0.15 };
}

const cpuOf = async (pids: number[]) =>
  (await Promise.all(pids.map(cpuSeconds))).reduce((sum, each) => sum + each, 0);

/** Microseconds for each of `messages` to ten readers; written elsewhere, as the origin's are. */
async function deliveryCost({ url }: Fixture, messages: number): Promise<number> {
  const READERS = 10;
  const script = new URL("chat_server.ts", import.meta.url).pathname;
  const child = watch(
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, url],
      ...{ stdin: "null", stdout: "piped", stderr: "inherit" },
    }).spawn(),
  );
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const at = `http://127.0.0.1:${(await output.read()).value?.trim()}`;
  const db = await openDb(url);
  const [room] = await db.select().from(chatRooms).limit(1);
  if (!room) throw new Error("there is no room");
  let heard = 0;
  const readers = Array.from({ length: READERS }, async () => {
    const response = await fetch(`${at}/?room=${room.id}`);
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      heard += decoder.decode(chunk).match(/data-client-id="cost /g)?.length ?? 0;
    }
  });
  const before = await cpuSeconds(child.pid);
  for (let n = 0; n < messages; n++) {
    await db.$client.execute({
      sql:
        `insert into chat_messages (room_id, author_kind, author_id, author_name, body, client_id, created_at)
        values (?, 'client', 1, 'Alice', 'This is message ' || ?, 'cost ' || ? || ' ' || ?, ?)`,
      args: [room.id, n, crypto.randomUUID(), n, Date.now()],
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  while (heard < messages * READERS) await new Promise((resolve) => setTimeout(resolve, 20));
  const used = await cpuSeconds(child.pid) - before;
  // Their streams break off with the server; an aborted one may wait for more for ever.
  const gone = Promise.allSettled(readers);
  await end(child);
  await gone;
  await output.cancel();
  db.$client.close();
  return used / heard * 1e6;
}

/** Whether memory grows while pages are read, bookings come in and streams come and go. */
export async function measureMemory(
  { fixture, client, seconds }: { fixture: Fixture; client: Client; seconds: number },
): Promise<Result> {
  await using product = await startProduct(fixture.url);
  const cookie = await signIn(product.url);
  const asks: Ask[] = [
    { url: `${product.url}/services`, status: 200 },
    { url: `${product.url}/dashboard`, status: 200, headers: { Cookie: cookie } },
    { url: `${product.url}/bookings`, status: 303, book: { origin: AT_HOME } },
    {
      url: `${product.url}/bookings/${fixture.reference}/chat`,
      status: 200,
      headers: { Cookie: cookie },
    },
  ];
  const samples: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    for (const ask of asks) await client.run(ask, 2);
    for (let n = 0; n < 20; n++) {
      const stream = `${product.url}/bookings/${fixture.reference}/chat/stream`;
      const response = await fetch(stream, { headers: { cookie } });
      await response.body?.cancel();
    }
    samples.push(await residentMegabytes(product.pid));
  }
  const third = Math.max(1, Math.floor(samples.length / 3));
  const middleOf = (part: number[]) => middle(part.toSorted((a, b) => a - b));
  const [early, late] = [
    middleOf(samples.slice(third, 2 * third)),
    middleOf(samples.slice(-third)),
  ];
  const grown = (late / early - 1) * 100;
  return {
    name: `memory in the last third of ${seconds} s of mixed load, against the second third`,
    target: "<= 10 %",
    value: `${grown >= 0 ? "+" : ""}${grown.toFixed(1)} %`,
    detail: `${early.toFixed(0)} MB, then ${late.toFixed(0)} MB`,
    met: grown <= 10,
  };
}
