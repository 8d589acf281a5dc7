import { changesAt, type Glance, glanceAt, readRoomStates } from "../db/chat_presence.ts";
import type { Db } from "../db/client.ts";
import type { Audience } from "../views/messages.tsx";
import { stateEvent } from "./chat_events.ts";
import type { Listeners, Reader } from "./chat_listeners.ts";

type Render = { state(glance: Glance, audience: Audience): string };
type Told = { roomId: number; event: (audience: Audience) => Uint8Array };

/** Who is in the rooms of this process's readers. It changes when somebody does something, and by time alone. */
export class RoomStates {
  /** When each room's state changes by itself. */
  #until = new Map<number, number>();

  constructor(readonly db: Db, readonly render: Render, readonly clock: () => number) {}

  /** How it stands in one reader's room. */
  async eventFor({ roomId, audience }: Reader): Promise<Uint8Array> {
    const [told] = await this.#read([roomId]);
    return told ? told.event(audience) : stateEvent("");
  }

  /** What to tell: of rooms where somebody stirred, and of those whose time has come. */
  async after(stirred: number[], listeners: Listeners): Promise<Told[]> {
    const now = this.clock();
    const over = [...this.#until].filter(([, until]) => until <= now).map(([roomId]) => roomId);
    for (const roomId of over) this.#until.delete(roomId);
    const rooms = new Set([...stirred, ...over].filter((roomId) => listeners.hasAnyIn(roomId)));
    return rooms.size === 0 ? [] : await this.#read([...rooms]);
  }

  async #read(rooms: number[]): Promise<Told[]> {
    const states = await readRoomStates(this.db, rooms);
    const now = this.clock();
    return [...states].map(([roomId, state]) => {
      const until = changesAt(state, now);
      if (until < Infinity) this.#until.set(roomId, until);
      const glance = glanceAt(state, now);
      return { roomId, event: (audience) => stateEvent(this.render.state(glance, audience)) };
    });
  }

  forget() {
    this.#until.clear();
  }
}
