/** What arrives over a stream of server-sent events; the data of several lines is joined by line feeds. */
export type StreamEvent = { id: string; event: string; data: string };

/** Reads a stream as a browser's EventSource does. Ending the loop closes the stream. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<StreamEvent> {
  if (!body) throw new Error("there is no stream");
  const decoder = new TextDecoder();
  let waiting = "";
  for await (const chunk of body) {
    waiting += decoder.decode(chunk, { stream: true });
    const blocks = waiting.replace(/\r\n?/g, "\n").split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = eventIn(block);
      if (event) yield event;
    }
  }
}

function eventIn(block: string): StreamEvent | null {
  const fields: Record<string, string[]> = { id: [], event: [], data: [] };
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = line.match(/^([^:]*):? ?(.*)$/s) ?? [];
    fields[name]?.push(value);
  }
  const { id = [], event = [], data = [] } = fields;
  if (data.length === 0) return null;
  return { id: id.at(-1) ?? "", event: event.at(-1) ?? "message", data: data.join("\n") };
}

/** The next `count` events; fewer when the stream ends before. */
export async function take(
  events: AsyncGenerator<StreamEvent>,
  count: number,
): Promise<StreamEvent[]> {
  const taken: StreamEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

/** What was said in the message that an event brings. */
export const saidIn = ({ data }: StreamEvent): string =>
  data.match(/<p class="message-body">([\s\S]*?)<\/p>/)?.[1] ?? "";
