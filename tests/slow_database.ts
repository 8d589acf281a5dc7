/** A libSQL server at a distance: each request takes `delayMs` longer, and trips are counted. */
export type SlowDatabase = AsyncDisposable & {
  url: string;
  /** The longest chain of requests since the last reset, each begun after the one before it ended. */
  trips(): number;
  requests(): number;
  reset(): void;
  /** While it is away every request is answered 502, as a proxy does whose server is down. */
  away: boolean;
};

/** Milliseconds of one step of a delay. */
const STEP = 5;

/** Puts a proxy before the libSQL server at `target` (`http://host:port`). */
export function startSlowDatabase(target: string, delayMs: number): SlowDatabase {
  let count = { requests: 0, trips: 0, ended: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const mine = count;
    const place = mine.ended + 1;
    mine.requests++;
    mine.trips = Math.max(mine.trips, place);
    if (slow.away) return new Response(null, { status: 502 });
    try {
      return await forward(request, target, delayMs);
    } finally {
      mine.ended = Math.max(mine.ended, place);
    }
  });
  const slow: SlowDatabase = {
    away: false,
    url: `http://127.0.0.1:${server.addr.port}`,
    trips: () => count.trips,
    requests: () => count.requests,
    reset: () => count = { requests: 0, trips: 0, ended: 0 },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return slow;
}

async function forward(request: Request, target: string, delayMs: number): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  const sent = method === "GET" ? undefined : await request.arrayBuffer();
  const [answer] = await Promise.all([
    fetch(target + pathname + search, { method, headers, body: sent }),
    inSteps(delayMs),
  ]);
  return new Response(await answer.arrayBuffer(), {
    status: answer.status,
    headers: { "content-type": answer.headers.get("content-type") ?? "application/json" },
  });
}

/**
 * Waits in steps, and looks after what has come in between them: a machine that stands still for a while ends a
 * step by it, not the delay, so that requests sent at once are seen at once.
 */
async function inSteps(delayMs: number) {
  for (let left = delayMs; left > 0; left -= STEP) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, STEP)));
  }
}
