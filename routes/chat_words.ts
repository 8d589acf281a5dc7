import type { Message } from "../db/chat.ts";
import type { Change, Feed } from "../db/chat_feed.ts";
import type { Audience } from "../views/messages.tsx";
import { changeEvent, messageEvent, NOTED } from "./chat_events.ts";
import type { Reader } from "./chat_listeners.ts";

/** The bytes, and the id of the message that they bring; 0 where they bring none. */
export type Event = [bytes: Uint8Array, id: number];
export type Told = Change & { message: Message };

/** Who names no change follows what is said: messages, and what becomes of them. */
export const knowsState = ({ from }: Reader) => from.change !== undefined;
export const hearsOfNotes = (reader: Reader) => reader.audience === "admin" && knowsState(reader);

export const isOfNotes = ({ messageId }: Change) => messageId === -1;
export const isOfMessage = (change: Change): change is Told => change.message !== null;

/** What happened, in the words of each side. */
export class Words {
  constructor(readonly render: { message(message: Message, audience: Audience): string }) {}

  said(message: Message, audience: Audience): Event {
    return [messageEvent(message.id, this.render.message(message, audience)), message.id];
  }

  changed({ message }: Told, audience: Audience): Event {
    return [changeEvent(this.render.message(message, audience)), 0];
  }

  /** All of it for one reader, in order. */
  missed({ messages, changes }: Feed, reader: Reader): Event[] {
    const noted = hearsOfNotes(reader) && changes.some(isOfNotes);
    return [
      ...messages.map((message) => this.said(message, reader.audience)),
      ...changes.filter(isOfMessage).map((change) => this.changed(change, reader.audience)),
      ...(noted ? [[NOTED, 0] as Event] : []),
    ];
  }
}
