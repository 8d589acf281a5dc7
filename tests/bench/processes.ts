const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const KEYS = "bench:okHWlPSQumMNglJ7CEjIwBRQRJfWoAO-tHYJlv5GjWU";
/** Where the product in production believes to be. */
export const AT_HOME = "https://bench.example";

/** A server in a process of its own, on a free port of this machine alone. */
export type Server = AsyncDisposable & { url: string; pid: number };
type Launch = {
  args: string[];
  env?: Record<string, string>;
  /** A page that answers 200 once it stands. */
  ready?: string;
};

/** Starts a Deno program that listens on `PORT`. */
export async function start({ args, env = {}, ready = "/" }: Launch): Promise<Server> {
  const port = Number(env.PORT ?? freePort());
  const command = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { PORT: String(port), HOST: "127.0.0.1", ...env },
    ...{ stdin: "null", stdout: "null", stderr: "inherit" },
  });
  const child = watch(command.spawn());
  const url = `http://127.0.0.1:${port}`;
  await answering(url + ready, child.status);
  return { url, pid: child.pid, [Symbol.asyncDispose]: () => end(child) };
}

/** The product as an agency runs it, with a local file; nothing is sent anywhere, so mails stay queued. */
export const startProduct = (database: string, env: Record<string, string> = {}) =>
  start({ args: ["run", "-A", "--no-check", "main.ts"], env: { ...production(database), ...env } });

/** The same with so many threads. */
export const startThreads = (database: string, threads: number) => {
  const port = freePort();
  const listens = ["--parallel", "--host=127.0.0.1", `--port=${port}`];
  return start({
    args: ["serve", "-A", "--no-check", ...listens, "main.ts", "--served"],
    env: { ...production(database), PORT: String(port), DENO_JOBS: String(threads) },
  });
};

/** One of the smaller servers that the product is compared with. */
export const startPeer = (kind: string, database: string) =>
  start({
    args: ["run", "-A", "--no-check", "tests/bench/peers.ts", kind],
    env: production(database),
  });

export const production = (database: string) => ({
  ...{ APP_ENV: "production", APP_URL: AT_HOME, JWT_KEYS: KEYS, TRUST_PROXY: "1" },
  TURSO_DATABASE_URL: database,
});

/** Milliseconds that a server may take until it answers. */
const PATIENCE = 20_000;

/** Waits until `url` answers 200. */
export async function answering(url: string, ended: Promise<unknown>) {
  let running = true;
  ended.then(() => running = false);
  const until = performance.now() + PATIENCE;
  while (running && performance.now() < until) {
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${url} does not answer`);
}

export async function end(child: Deno.ChildProcess) {
  child.kill("SIGKILL");
  await child.status;
}

/** Servers that outlive nobody: whoever ends the bench ends them. */
const watched = new Set<Deno.ChildProcess>();

export function watch(child: Deno.ChildProcess): Deno.ChildProcess {
  watched.add(child);
  child.status.then(() => watched.delete(child));
  return child;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    for (const child of watched) child.kill("SIGTERM");
    Deno.exit(1);
  });
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Seconds of processor time that a process and its children have used. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export async function cpuSeconds(pid: number): Promise<number> {
  const all = new Map<number, { parent: number; ticks: number }>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
    const [, parent = 0] = fields;
    if (stat) all.set(Number(name), { parent, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) });
  }
  const within = (id: number): boolean =>
    id === pid || (id > 1 && within(all.get(id)?.parent ?? 0));
  return [...all].filter(([id]) => within(id)).reduce((sum, [, { ticks }]) => sum + ticks, 0) / 100;
}

/** Megabytes that a process holds in memory. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/VmRSS:\s+(\d+)/)?.[1]) / 1024;
}
