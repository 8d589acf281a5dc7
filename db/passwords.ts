import { Problem } from "./problem.ts";
import { WaitingLine } from "./waiting_lines.ts";

/** OWASP's choice for Argon2id: 19 MiB, two passes, one lane. */
const OWASP = { memorySize: 19456, iterations: 2, parallelism: 1, hashLength: 32 };
export type Cost = typeof OWASP;
/** How many hashes may wait at once, a crowd of a hundred and some; one takes about 60 ms. */
const QUEUE = 128;
/** In seconds: when those who wait are served. */
const SERVED = 8;

const busy = () => {
  const words = "Many people are signing in. Try again in a few seconds.";
  return new Problem("unavailable", words, undefined, SERVED);
};

type Job = { password: string; hash?: string };
type Waiting = { resolve(result: string | boolean): void; reject(error: Error): void };

/** Argon2id in one worker thread, so that a sign-in never stops the event loop. */
export class Passwords {
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #next = 0;
  /**
   * Whoever signs in stands in line before anything is looked up or counted: what a crowd costs beside its hashes is
   * spread over the time that those take.
   */
  readonly line = new WaitingLine({ inside: 4, waiting: QUEUE, full: busy });

  /** `cost` is what one hash takes, memory in KiB; tests of other things take less. */
  constructor(readonly cost: Cost = OWASP) {}

  /** How many hashes were asked for so far. */
  get asked(): number {
    return this.#next;
  }

  /** The hash of `password` as a PHC string. Throws `unavailable` when too many wait. */
  async hash(password: string): Promise<string> {
    return await this.#ask({ password }) as string;
  }

  /** Whether `password` has `hash`. Without either it takes as long and says no. */
  async verify(password: string, hash: string | null | undefined): Promise<boolean> {
    if (hash && password) return await this.#ask({ password, hash }) as boolean;
    await this.#ask({ password: password || "none" });
    return false;
  }

  /** Whether `hash` was made at another cost than today's: whoever proves the password gets a new one. */
  isOutdated(hash: string): boolean {
    const { memorySize, iterations, parallelism } = this.cost;
    return !hash.startsWith(`$argon2id$v=19$m=${memorySize},t=${iterations},p=${parallelism}$`);
  }

  close() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(job: Job): Promise<string | boolean> {
    if (this.#waiting.size >= QUEUE) {
      throw busy();
    }
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread().postMessage({ id, ...job, cost: this.cost });
    });
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./passwords_worker.ts", import.meta.url), {
      type: "module",
    });
    worker.onmessage = ({ data }) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.result !== undefined) waiting?.resolve(data.result);
      else waiting?.reject(new Error("the password cannot be checked"));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.#waiting.values()) {
        reject(new Error("the password worker died"));
      }
      this.#waiting.clear();
      this.close();
    };
    return this.#worker = worker;
  }
}
