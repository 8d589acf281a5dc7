const encoder = new TextEncoder();

/** Lines of a text/event-stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
const encode = (text: string) => encoder.encode(text);

/** Whatever ends a line there begins a new `data:` line, so that no text can begin an event of its own. */
const data = (text: string) => text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("");

/** A message: unnamed, under its own id, which is where a reader who comes back goes on. */
export const messageEvent = (id: number, html: string) => encode(`id: ${id}\n${data(html)}\n`);
/** A message that is there already and reads differently now. */
export const changeEvent = (html: string) => encode(`event: chat:change\n${data(html)}\n`);
/** Who is here, who types, what was seen. */
export const stateEvent = (html: string) => encode(`event: chat:state\n${data(html)}\n`);

/** Somebody wrote a note, or took one back: what it says is on a page for staff alone. */
export const NOTED = encode("event: chat:notes\ndata: \n\n");

/** How soon a reader comes back, in milliseconds. */
export const BEGIN = encode("retry: 1000\n\n");
export const HEARTBEAT = encode(":\n\n");
/** Nothing can be added to what the reader has: they must read the conversation again. */
export const RESET = encode("event: chat:reset\ndata: \n\n");
