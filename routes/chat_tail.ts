import {
  lastMessageId,
  listAllMessagesAfter,
  listMessagesAfter,
  type Message,
} from "../db/chat.ts";
import type { Db } from "../db/client.ts";
import { log, nameOf } from "../jobs/log.ts";

export type Audience = "client" | "admin";
type Render = (message: Message, audience: Audience) => string;
type Reader = {
  roomId: number;
  audience: Audience;
  after: number;
  /** Whose stream it is: a person may have a few open. */
  member: string;
  mayListen: () => Promise<boolean>;
};
type Listener = Reader & {
  /** Until it has caught up with its room, the loop leaves it alone. */
  live: boolean;
  controller: ReadableStreamDefaultController<Uint8Array>;
};

/** In milliseconds: how often we look for what another process stored, and whether readers may still listen. */
export const PACE = { tick: 1000, heartbeat: 12_000 };
const PAGE = 500;

/**
 * The one reader of new messages in this process. While anybody listens it reads all rooms at once, renders
 * each message once per audience and writes the same bytes to every listener of its room. Ids are given in
 * commit order, so a reader that names its last one misses nothing.
 */
export class ChatTail {
  #listeners = new Set<Listener>();
  /** The last id the loop has passed on; undefined while nobody listens. */
  #cursor: number | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(readonly db: Db, readonly render: Render, readonly pace = PACE) {}

  /** The messages of a room after `after`, until `mayListen`, asked at every heartbeat, says no. */
  open(reader: Reader): ReadableStream<Uint8Array> {
    let listener: Listener;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        listener = { ...reader, live: false, controller };
        controller.enqueue(encode("retry: 1000\n\n"));
        this.#listeners.add(listener);
        this.#wake();
        this.#catchUp(listener).catch((error) => this.#drop(listener, error));
      },
      cancel: () => this.#drop(listener),
    });
  }

  /** Something was posted here: look now, not at the next tick. */
  look() {
    if (this.#listeners.size === 0) return;
    if (this.#looking) this.#again = true;
    else this.#looking = this.#read().finally(() => this.#looked());
  }

  /** Ends every stream; their readers come back by themselves. */
  async close() {
    for (const listener of [...this.#listeners]) this.#drop(listener);
    await this.#looking;
  }

  get size() {
    return this.#listeners.size;
  }

  /** How many streams a member has open in this process. */
  openOf(member: string): number {
    return [...this.#listeners].filter((listener) => listener.member === member).length;
  }

  #wake() {
    // What an answer that came too late left here is as old as the last reader.
    if (this.#listeners.size === 1) this.#cursor = undefined;
    this.#tick ??= setInterval(() => this.look(), this.pace.tick);
    this.#heartbeat ??= setInterval(() => this.#beat(), this.pace.heartbeat);
  }

  /**
   * Reads what the listener missed, again if the loop moved on meanwhile: when the cursor stood still, whatever
   * the read did not see lies behind the cursor and comes through the loop.
   */
  async #catchUp(listener: Listener) {
    const begun = await this.#begin();
    if (listener.after > begun && listener.after > await lastMessageId(this.db)) {
      return this.#write(listener, encode("event: chat:reset\ndata: \n\n"));
    }
    for (let before, missed = PAGE; before !== this.#cursor || missed === PAGE;) {
      before = this.#cursor;
      const messages = await listMessagesAfter(this.db, listener.roomId, {
        after: listener.after,
        limit: PAGE,
      });
      for (const message of messages) {
        this.#send(listener, message, this.#encode(message, listener.audience));
      }
      if (!this.#listeners.has(listener)) return;
      missed = messages.length;
    }
    listener.live = true;
  }

  /** Sets the cursor where it is not set: moved by a second reader it would pass messages by. */
  async #begin(): Promise<number> {
    if (this.#cursor !== undefined) return this.#cursor;
    const last = await lastMessageId(this.db);
    return this.#cursor ??= last;
  }

  async #read() {
    if (this.#cursor === undefined) return;
    try {
      const messages = await listAllMessagesAfter(this.db, this.#cursor, PAGE);
      for (const message of messages) this.#spread(message);
      this.#cursor = messages.at(-1)?.id ?? this.#cursor;
      this.#again ||= messages.length === PAGE;
    } catch (error) {
      report(error);
    }
  }

  #looked() {
    this.#looking = undefined;
    if (!this.#again) return;
    this.#again = false;
    this.look();
  }

  #spread(message: Message) {
    const rendered: Partial<Record<Audience, Uint8Array>> = {};
    for (const listener of this.#listeners) {
      if (!listener.live || listener.roomId !== message.roomId) continue;
      const event = rendered[listener.audience] ??= this.#encode(message, listener.audience);
      this.#send(listener, message, event);
    }
  }

  #send(listener: Listener, message: Message, event: Uint8Array) {
    if (message.id <= listener.after) return;
    listener.after = message.id;
    this.#write(listener, event);
  }

  #encode(message: Message, audience: Audience): Uint8Array {
    const lines = this.render(message, audience).split(/\r\n|\r|\n/);
    return encode(`id: ${message.id}\n${lines.map((line) => `data: ${line}\n`).join("")}\n`);
  }

  #beat() {
    for (const listener of this.#listeners) {
      this.#write(listener, encode(":\n\n"));
      listener.mayListen().then((may) => may || this.#drop(listener), report);
    }
  }

  #write(listener: Listener, event: Uint8Array) {
    try {
      listener.controller.enqueue(event);
    } catch {
      // The reader went away between two events.
      this.#drop(listener);
    }
  }

  #drop(listener: Listener, error?: unknown) {
    if (!this.#listeners.delete(listener)) return;
    if (error) report(error);
    try {
      listener.controller.close();
    } catch {
      // Closed from the other side already.
    }
    if (this.#listeners.size > 0) return;
    clearInterval(this.#tick);
    clearInterval(this.#heartbeat);
    this.#tick = this.#heartbeat = this.#cursor = undefined;
  }
}

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);

const report = (error: unknown) => log("warn", "chat_tail", { error: nameOf(error) });
