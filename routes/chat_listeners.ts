import type { Stop } from "../db/chat_feed.ts";
import type { Audience } from "../views/messages.tsx";
import { log, nameOf } from "../jobs/log.ts";

export type Reader = {
  /** What the stream is called in the database. */
  id: string;
  roomId: number;
  audience: Audience;
  from: Stop;
  mayListen: () => Promise<boolean>;
};

/** Bytes that may wait for a slow reader. Beyond it they are let go, and come back to where they were. */
const MOST_WAITING = 2 * 1024 * 1024;

/** One open stream. What the loop tells it before it has caught up waits until it has. */
export class Listener {
  /** The last message it was told. */
  #after: number;
  #waiting: [event: Uint8Array, id: number][] | undefined = [];

  constructor(
    readonly reader: Reader,
    readonly controller: ReadableStreamDefaultController<Uint8Array>,
  ) {
    this.#after = reader.from.message;
  }

  /** Passes on an event; one of a message (`id`) at most once. Answers false when the stream is to end. */
  tell(event: Uint8Array, id = 0): boolean {
    if (this.#waiting) return this.#waiting.push([event, id]) > 0;
    return this.#write(event, id);
  }

  /** Sends what was missed; what comes meanwhile waits on. */
  catchUp(missed: [event: Uint8Array, id: number][]): boolean {
    return missed.every(([event, id]) => this.#write(event, id));
  }

  /** Sends what came meanwhile, and from then on all at once. */
  join(): boolean {
    const meanwhile = this.#waiting ?? [];
    this.#waiting = undefined;
    return this.catchUp(meanwhile);
  }

  /** Whether as much waits for this reader as a stream holds. */
  get isFull(): boolean {
    return (this.controller.desiredSize ?? 1) <= 0;
  }

  /** Past all that waits: a heartbeat, or the last word. */
  say(event: Uint8Array): boolean {
    return this.#write(event, 0);
  }

  #write(event: Uint8Array, id: number): boolean {
    if (id > 0 && id <= this.#after) return true;
    if ((this.controller.desiredSize ?? 0) < -MOST_WAITING) return this.#giveUp();
    try {
      this.controller.enqueue(event);
    } catch {
      // The reader went away between two events.
      return false;
    }
    if (id > 0) this.#after = id;
    return true;
  }

  #giveUp(): boolean {
    this.controller.error(new Error("the reader is too slow"));
    log("warn", "chat_reader_dropped", { room: this.reader.roomId });
    return false;
  }

  end() {
    try {
      this.controller.close();
    } catch {
      // Ended from the other side already.
    }
  }
}

/** The listeners of this process, by room, and in turns: each turn is looked after at its own moment. */
export class Listeners {
  #rooms = new Map<number, Set<Listener>>();
  #turns: Set<Listener>[];
  #next = 0;

  constructor(turns: number) {
    this.#turns = Array.from({ length: turns }, () => new Set());
  }

  get size() {
    return this.#turns.reduce((sum, turn) => sum + turn.size, 0);
  }

  add(listener: Listener) {
    const { roomId } = listener.reader;
    const room = this.#rooms.get(roomId) ?? new Set();
    this.#rooms.set(roomId, room.add(listener));
    this.#turns.toSorted((a, b) => a.size - b.size)[0]?.add(listener);
  }

  /** Answers whether it was there. */
  delete(listener: Listener): boolean {
    const { roomId } = listener.reader;
    const room = this.#rooms.get(roomId);
    if (!room?.delete(listener)) return false;
    if (room.size === 0) this.#rooms.delete(roomId);
    for (const turn of this.#turns) turn.delete(listener);
    return true;
  }

  in(roomId: number): Iterable<Listener> {
    return this.#rooms.get(roomId) ?? [];
  }

  hasAnyIn(roomId: number): boolean {
    return this.#rooms.has(roomId);
  }

  has(listener: Listener): boolean {
    return this.#rooms.get(listener.reader.roomId)?.has(listener) ?? false;
  }

  all(): Listener[] {
    return [...this.#rooms.values()].flatMap((room) => [...room]);
  }

  /** Those whose turn it is. */
  nextTurn(): Listener[] {
    this.#next = (this.#next + 1) % this.#turns.length;
    return [...this.#turns[this.#next] ?? []];
  }
}

export const report = (error: unknown) => log("warn", "chat_tail", { error: nameOf(error) });
