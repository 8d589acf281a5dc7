/** Lets a few do their work at a time; up to `waiting` others stand in line, and nobody more. */
export class WaitingLine {
  #inside = 0;
  #waiting: (() => void)[] = [];

  constructor(readonly size: { inside: number; waiting: number; full: () => Error }) {}

  /** Does `work` when its turn comes. Throws `full()` at once when the line is too long. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    const { inside, waiting, full } = this.size;
    if (this.#inside < inside) this.#inside++;
    else if (this.#waiting.length >= waiting) throw full();
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Whoever leaves hands their place over. */
  #leave() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
  }
}
