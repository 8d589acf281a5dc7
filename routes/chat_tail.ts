import type { Message } from "../db/chat.ts";
import { type Change, type Cursor, readCursor, readFeed, readMissed } from "../db/chat_feed.ts";
import { type Glance } from "../db/chat_presence.ts";
import { closeStreams, renewStreams } from "../db/chat_streams.ts";
import type { Db } from "../db/client.ts";
import type { Audience } from "../views/messages.tsx";
import { BEGIN, HEARTBEAT, NOTED, RESET } from "./chat_events.ts";
import { Listener, Listeners, type Reader, report } from "./chat_listeners.ts";
import { RoomStates } from "./chat_room_states.ts";
import { Rhythm } from "./chat_rhythm.ts";
import {
  type Event,
  hearsOfNotes,
  isOfMessage,
  isOfNotes,
  knowsState,
  Words,
} from "./chat_words.ts";

export type Render = {
  message(message: Message, audience: Audience): string;
  state(glance: Glance, audience: Audience): string;
};

/**
 * In milliseconds: how often we look for what another process stored while rooms are active, and within what
 * time each stream is looked after.
 */
export const PACE = { tick: 250, heartbeat: 12_000 };
const PAGE = 500;
/** Streams are looked after in turns: all at once they would hold up what is said meanwhile. */
const TURNS = 8;

/**
 * The one reader of new messages in this process. While anybody listens it reads all rooms at once, renders
 * each message once per audience and writes the same bytes to every listener of its room. Ids are given in
 * commit order, so a reader that names its last one misses nothing.
 */
export class ChatTail {
  #listeners = new Listeners(TURNS);
  /** Up to where the loop has passed on everything; undefined while nobody listens. */
  #cursor: Cursor | undefined;
  #states: RoomStates;
  #words: Words;
  #rhythm: Rhythm;
  #beat: ReturnType<typeof setInterval> | undefined;
  #leaving = new Set<Promise<void>>();

  constructor(
    readonly db: Db,
    readonly render: Render,
    readonly clock: () => number,
    readonly pace = PACE,
  ) {
    this.#states = new RoomStates(db, render, clock);
    this.#words = new Words(render);
    this.#rhythm = new Rhythm(pace.tick, () => this.#turn());
  }

  /** What happens in a room after where the reader stopped, until `mayListen`, asked regularly, says no. */
  open(reader: Reader): ReadableStream<Uint8Array> {
    let listener: Listener;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        listener = new Listener(reader, controller);
        listener.say(BEGIN);
        this.#wake();
        this.#listeners.add(listener);
        this.#behind(this.#catchUp(listener).catch((error) => this.#drop(listener, error)));
      },
      cancel: () => this.#drop(listener),
    }, new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }));
  }

  /** Something was stored here: look now, not at the next tick. */
  look() {
    if (this.#listeners.size > 0) this.#rhythm.now();
  }

  /** Ends every stream; their readers come back by themselves. */
  async close() {
    for (const listener of this.#listeners.all()) this.#drop(listener);
    await this.#rhythm.idle();
    await Promise.all(this.#leaving);
  }

  get size() {
    return this.#listeners.size;
  }

  #wake() {
    if (this.#listeners.size > 0) return;
    // What an answer that came too late left here is as old as the last reader.
    this.#cursor = undefined;
    this.#rhythm.start();
    this.#beat = setInterval(() => this.#lookAfter(), this.pace.heartbeat / TURNS);
  }

  /**
   * Sends what the reader missed. It is read after the loop's place is known and the listener is among those
   * whom the loop tells: what the read does not see comes through the loop, and waits there meanwhile. A page
   * that missed much is read again; who only follows the messages gets all of them, as fast as they read.
   */
  async #catchUp(listener: Listener) {
    const { reader } = listener;
    await this.#begin();
    let from = reader.from;
    for (let more = true; more;) {
      const missed = await readMissed(this.db, reader.roomId, { ...from, limit: PAGE });
      more = missed.behind && !knowsState(reader);
      if (!missed.intact || (missed.behind && !more)) return this.#reset(listener);
      if (!listener.catchUp(this.#words.missed(missed, reader))) return this.#drop(listener);
      from = { message: missed.messages.at(-1)?.id ?? from.message };
      while (more && listener.isFull && this.#listeners.has(listener)) await pause();
      if (!this.#listeners.has(listener)) return;
    }
    if (!listener.join()) return this.#drop(listener);
    if (knowsState(reader)) listener.tell(await this.#states.eventFor(reader));
  }

  #reset(listener: Listener) {
    listener.say(RESET);
    this.#drop(listener);
  }

  /** Sets the cursor where it is not set: moved by a second reader it would pass messages by. */
  async #begin() {
    if (this.#cursor) return;
    const cursor = await readCursor(this.db);
    this.#cursor ??= cursor;
  }

  /** Looks once; answers whether anything had happened, and whether there may be more. */
  async #turn(): Promise<{ busy: boolean; more: boolean }> {
    const cursor = this.#cursor;
    if (!cursor) return { busy: false, more: false };
    const { messages, changes, intact } = await readFeed(this.db, cursor, PAGE);
    if (!intact) await this.#startAgain();
    else await this.#spread(cursor, messages, changes);
    const more = messages.length === PAGE || changes.length === PAGE;
    return { busy: messages.length + changes.length > 0, more };
  }

  /** The records went back behind us: what our readers have may be of another past. */
  async #startAgain() {
    for (const listener of this.#listeners.all()) this.#reset(listener);
    this.#cursor = await readCursor(this.db);
  }

  async #spread(cursor: Cursor, messages: Message[], changes: Change[]) {
    for (const message of messages) {
      this.#tell(message.roomId, (audience) => this.#words.said(message, audience));
    }
    for (const change of changes.filter(isOfMessage)) {
      this.#tell(change.roomId, (audience) => this.#words.changed(change, audience));
    }
    for (const { roomId } of changes.filter(isOfNotes)) {
      this.#tell(roomId, () => [NOTED, 0], hearsOfNotes);
    }
    const last = messages.at(-1);
    const change = changes.at(-1)?.id ?? cursor.change;
    this.#cursor = last ? { message: last.id, at: last.createdAt, change } : { ...cursor, change };
    const stirred = changes.filter(({ messageId }) => messageId === 0).map(({ roomId }) => roomId);
    for (const { roomId, event } of await this.#states.after(stirred, this.#listeners)) {
      this.#tell(roomId, (audience) => [event(audience), 0], knowsState);
    }
  }

  /** Renders once for each side that listens, and writes the same bytes to all of it. */
  #tell(
    roomId: number,
    event: (audience: Audience) => Event,
    concerns = (_reader: Reader) => true,
  ) {
    const made: Partial<Record<Audience, Event>> = {};
    for (const listener of this.#listeners.in(roomId)) {
      const { reader } = listener;
      if (!concerns(reader)) continue;
      const [bytes, id] = made[reader.audience] ??= event(reader.audience);
      if (!listener.tell(bytes, id)) this.#drop(listener);
    }
  }

  #lookAfter() {
    const turn = this.#listeners.nextTurn();
    if (turn.length === 0) return;
    for (const listener of turn) {
      if (!listener.say(HEARTBEAT)) this.#drop(listener);
      listener.reader.mayListen().then((may) => may || this.#drop(listener), report);
    }
    const ids = turn.map(({ reader }) => reader.id);
    this.#behind(renewStreams(this.db, ids, this.clock()));
  }

  #drop(listener: Listener, error?: unknown) {
    if (!this.#listeners.delete(listener)) return;
    if (error) report(error);
    listener.end();
    this.#behind(closeStreams(this.db, [listener.reader.id]));
    if (this.#listeners.size > 0) return;
    this.#rhythm.stop();
    clearInterval(this.#beat);
    this.#states.forget();
    this.#cursor = undefined;
  }

  /** Work that nobody waits for, but the end of the process. */
  #behind(work: Promise<void>) {
    const done = work.catch(report).finally(() => this.#leaving.delete(done));
    this.#leaving.add(done);
  }
}

/** In milliseconds: for one who reads slowly. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
