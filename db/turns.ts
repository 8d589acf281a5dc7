import { Problem } from "./problem.ts";

/** How many may wait, and for how many milliseconds. */
const LINE = { length: 50, patience: 60_000 };

type Waiting = { share: number; go: () => void };

/** Shares of something that is not endless: who finds too little of it left waits, first come, first served. */
export class Turns {
  #waiting: Waiting[] = [];

  constructor(public free: number, readonly line = LINE) {}

  /** Takes a share and answers how to give it back. Throws `too_many` where the line or the wait is too long. */
  async take(share: number): Promise<() => void> {
    if (this.#waiting.length > 0 || this.free < share) await this.#wait(share);
    else this.free -= share;
    return () => {
      this.free += share;
      this.#next();
    };
  }

  #wait(share: number): Promise<void> {
    if (this.#waiting.length >= this.line.length) throw tooMany();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { share, go: resolve };
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      reject(tooMany());
    }, this.line.patience);
    this.#waiting.push(waiting);
    return promise.finally(() => clearTimeout(timer));
  }

  #next() {
    while (this.#waiting[0] && this.#waiting[0].share <= this.free) {
      const { share, go } = this.#waiting.shift() as Waiting;
      this.free -= share;
      go();
    }
  }
}

const tooMany = () =>
  new Problem("too_many", "Many files are being sent right now. Send yours again in a minute.");
