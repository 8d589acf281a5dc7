const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

export type Product = AsyncDisposable & {
  url: string;
  /** Everything it printed so far. */
  output(): string;
  /** The first line that matches, waited for. */
  line(pattern: RegExp): Promise<string>;
  stop(signal?: Deno.Signal): Promise<number>;
};

/** Only what a test gives, so that no test depends on a developer's own environment. */
const bare = (env: Record<string, string>) => {
  const kept = ["PATH", "HOME", "DENO_DIR", "LD_LIBRARY_PATH"].map((
    name,
  ) => [name, Deno.env.get(name) ?? ""]);
  return { clearEnv: true, env: { ...Object.fromEntries(kept), APP_ENV: "test", ...env } };
};

/** The product as its own process on a free port. */
export async function startProduct(
  env: Record<string, string>,
  args: string[] = [],
): Promise<Product> {
  const port = freePort();
  const how = args.includes("--served")
    ? ["serve", "-A", "--parallel", "--host=127.0.0.1", `--port=${port}`]
    : ["run", "-A"];
  const process = new Deno.Command(Deno.execPath(), {
    args: [...how, "main.ts", ...args],
    cwd: ROOT,
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
    ...bare({ PORT: String(port), ...env }),
  }).spawn();
  const printed = collect(process);
  const ended = process.status.then(({ code }) => code);
  const stop = async (signal: Deno.Signal = "SIGTERM") => {
    try {
      process.kill(signal);
    } catch {
      // It has ended already.
    }
    await printed.done;
    return await ended;
  };
  await printed.line(/listens at/);
  return {
    ...{ url: `http://127.0.0.1:${port}`, output: printed.text, line: printed.line, stop },
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

/** Runs a Deno program of ours to its end. */
export async function runProgram(args: string[], env: Record<string, string>) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: ROOT,
    ...bare(env),
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** Gathers both outputs; whoever waits for a line is told as soon as it is there, or when the process ends. */
function collect(process: Deno.ChildProcess) {
  let text = "";
  let ended = false;
  let look = () => {};
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (
      const chunk of stream.pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      )
    ) {
      text += chunk;
      look();
    }
  };
  const done = Promise.all([read(process.stdout), read(process.stderr)]).then(() => {
    ended = true;
    look();
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      look = () => {
        const found = text.split("\n").find((line) => pattern.test(line));
        if (found !== undefined) resolve(found);
        else if (ended) reject(new Error(`it ended and never printed ${pattern}:\n${text}`));
      };
      look();
    });
  return { text: () => text, done, line };
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether a server that is starting answers `ask`, before it has ended. */
export async function answers(ask: () => Promise<unknown>, ended: Promise<boolean>) {
  let running = true;
  ended.then(() => running = false);
  while (running) {
    try {
      await ask();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  return false;
}
