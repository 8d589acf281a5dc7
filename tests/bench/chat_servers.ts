const SERVER = new URL("chat_server.ts", import.meta.url).pathname;
/** The last byte of § in UTF-8, which nothing else on the page has. */
const MARK = 0xa7;

/** A process of its own that answers nothing but streams; see chat_server.ts. */
export async function startChatServer(database: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--v8-flags=--expose-gc,--max-semi-space-size=2", SERVER, database],
    ...{ stdout: "piped", stderr: "inherit" },
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await output.read()).value?.trim());
  const url = `http://127.0.0.1:${port}`;
  const ask = async () => await (await fetch(url)).json() as { open: number; rss: number };
  return {
    url,
    port,
    ask,
    /** Bytes resident once so many streams are open. */
    async until(open: number) {
      while ((await ask()).open !== open) await new Promise((resolve) => setTimeout(resolve, 50));
      return (await ask()).rss;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await output.cancel();
    },
  };
}

/** Readers on sockets of their own, with as little between socket and count as there can be. */
export class Crowd {
  #sockets: Deno.Conn[] = [];
  #heard = 0;
  #wanted = Infinity;
  #all = Promise.withResolvers<void>();

  constructor(readonly port: number) {}

  /** In waves: how many come at the same instant is another question. */
  async join(count: number, path: string) {
    const end = this.#sockets.length + count;
    while (this.#sockets.length < end) {
      await Promise.all(Array.from({ length: 50 }, () => this.#open(path)));
    }
  }

  /** Milliseconds until they have heard as many messages, all together, after `say`. */
  async hear(messages: number, say: () => Promise<unknown>): Promise<number> {
    this.#heard = 0;
    this.#wanted = messages;
    this.#all = Promise.withResolvers();
    const begin = performance.now();
    await say();
    await this.#all.promise;
    return performance.now() - begin;
  }

  leave() {
    this.#sockets.splice(0).forEach((socket) => socket.close());
  }

  async #open(path: string) {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    this.#sockets.push(socket);
    await socket.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`));
    this.#listen(socket);
  }

  async #listen(socket: Deno.Conn) {
    const bytes = new Uint8Array(64 * 1024);
    const read = () => socket.read(bytes).catch(() => null);
    for (let size = await read(); size !== null; size = await read()) {
      const came = bytes.subarray(0, size);
      for (let at = came.indexOf(MARK); at >= 0; at = came.indexOf(MARK, at + 1)) this.#heard++;
      if (this.#heard >= this.#wanted) this.#all.resolve();
    }
  }
}
