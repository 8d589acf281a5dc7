import { report } from "./chat_listeners.ts";

type Turn = () => Promise<{ busy: boolean; more: boolean }>;

/**
 * After so many looks that found nothing it is quiet, and then a look is this much rarer: as rare as lets the first
 * word into quiet arrive within 1.5 seconds too.
 */
const QUIET = 60;
const RARER = 5;

/** Looks again and again, one look at a time: often while something happens, else rarely, and at once when told. */
export class Rhythm {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #running = false;
  #quiet = 0;

  /** `tick`: milliseconds between two looks while something happens. */
  constructor(readonly tick: number, readonly turn: Turn) {}

  start() {
    this.#running = true;
    this.#quiet = 0;
    this.#schedule();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  now() {
    if (this.#looking) this.#again = true;
    else this.#look();
  }

  async idle() {
    while (this.#looking) await this.#looking;
  }

  #look() {
    clearTimeout(this.#timer);
    this.#looking = this.#turns().finally(() => {
      this.#looking = undefined;
      if (this.#running) this.#schedule();
    });
  }

  async #turns() {
    do {
      this.#again = false;
      try {
        const { busy, more } = await this.turn();
        this.#quiet = busy ? 0 : this.#quiet + 1;
        this.#again ||= more;
      } catch (error) {
        report(error);
      }
    } while (this.#again && this.#running);
  }

  #schedule() {
    clearTimeout(this.#timer);
    const delay = this.#quiet < QUIET ? this.tick : this.tick * RARER;
    this.#timer = setTimeout(() => this.#look(), delay);
  }
}
