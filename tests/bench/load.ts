import { share } from "./rounds.ts";

/** What is asked of a server, again and again, by 16 connections. */
export type Ask = {
  url: string;
  /** What the answer must be; everything else fails the round. */
  status: number;
  headers?: Record<string, string>;
  /** A form that books; without it the page is fetched. Its `origin` is the page it would come from. */
  book?: { origin: string };
};
export type Load = { perSecond: number; p50: number; p99: number };
export type Client = { name: string; run(ask: Ask, seconds: number): Promise<Load> };

const CONNECTIONS = 16;
const AS_BROWSER = { "Accept-Encoding": "gzip, deflate, br" };

/** wrk where it is installed, else our own; numbers of the two are never compared. */
export async function findClient(): Promise<Client> {
  try {
    await new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return { name: "wrk", run: runWrk };
  } catch {
    return { name: "own", run: runOwn };
  }
}

async function runWrk(ask: Ask, seconds: number): Promise<Load> {
  await checkOnce(ask);
  const headers = Object.entries({ ...AS_BROWSER, ...ask.headers });
  const script = new URL("bookings.lua", import.meta.url).pathname;
  const { stdout } = await new Deno.Command("wrk", {
    args: [
      ...["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency"],
      ...headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      ...(ask.book ? ["-s", script] : []),
      ask.url,
      ...(ask.book ? ["--", runName(), ask.book.origin] : []),
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const fault = text.match(
    /Non-2xx or 3xx responses: \d+|Socket errors: .*|wrong answers: [1-9]\d*/,
  );
  if (fault) throw new Error(`${ask.url}: ${fault[0]}`);
  const number = (pattern: RegExp) => Number(text.match(pattern)?.[1] ?? NaN);
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(text.match(/50%\s+([\d.]+)(us|ms|s)/)),
    p99: milliseconds(text.match(/99%\s+([\d.]+)(us|ms|s)/)),
  };
}

const milliseconds = (found: RegExpMatchArray | null) =>
  Number(found?.[1]) * ({ us: 0.001, ms: 1, s: 1000 }[found?.[2] ?? ""] ?? NaN);

async function checkOnce(ask: Ask) {
  const { status, size } = await send(ask, 0, runName());
  if (status !== ask.status) throw new Error(`${ask.url} answers ${status}, not ${ask.status}`);
  if (status === 200 && size < 2) throw new Error(`${ask.url} answers nothing`);
}

async function runOwn(ask: Ask, seconds: number): Promise<Load> {
  const times: number[] = [];
  const name = runName();
  const end = performance.now() + seconds * 1000;
  const loop = async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      const { status } = await send(ask, times.length, name);
      if (status !== ask.status) throw new Error(`${ask.url} answers ${status}, not ${ask.status}`);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p50: share(times, 0.5), p99: share(times, 0.99) };
}

async function send(ask: Ask, n: number, run: string): Promise<{ status: number; size: number }> {
  const { book, url } = ask;
  const from = { Origin: book?.origin ?? "", "X-Forwarded-For": addressOf(run, n) };
  const response = await fetch(url, {
    redirect: "manual",
    headers: { ...AS_BROWSER, ...ask.headers, ...(book ? from : {}) },
    ...(book ? { method: "POST", body: formOf(`${run}own${n}`) } : {}),
  });
  return { status: response.status, size: (await response.arrayBuffer()).byteLength };
}

const formOf = (key: string) =>
  new URLSearchParams({
    ...{ service: "landing-page", urgency: "medium", details: "For the spring fair." },
    ...{ name: "Grace Holm", email: `${key}@holm.example`, idempotency_key: `key-${key}` },
  });

/** Each run books from addresses of its own, as bookings.lua does: an address may book 20 times an hour. */
function addressOf(run: string, n: number): string {
  const at = parseInt(run.slice(0, 6), 16) + n;
  return `10.${at >> 16 & 255}.${at >> 8 & 255}.${at & 255}`;
}

/** No two runs book the same. */
const runName = () => crypto.randomUUID().slice(0, 8);
