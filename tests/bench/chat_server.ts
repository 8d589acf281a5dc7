import { openDb } from "../../db/client.ts";
import { chatMessages } from "../../db/schema.ts";
import { ChatTail } from "../../routes/chat_tail.ts";
import { renderState } from "../../views/chat_state.tsx";
import { renderMessage } from "../../views/messages.tsx";
import { NOW } from "../cast.ts";

// Nothing but the tail behind HTTP, in a process of its own, so that its memory is the streams' alone; and beside it,
// for what a stream costs without us, streams that nothing happens in.
const db = await openDb(Deno.args[0] ?? "");
const clock = () => Date.now();
const tail = new ChatTail(db, {
  message: (message, audience) => renderMessage(message, audience, "UTC"),
  state: (glance, audience) => renderState(glance, audience, "UTC"),
}, clock);
let bare = 0;
let said = 0;

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const asked = new URL(request.url).searchParams;
  const roomId = Number(asked.get("room"));
  if (asked.has("say")) return await say(roomId, Number(asked.get("say")));
  if (asked.has("bare")) return streamOf(bareStream());
  if (!roomId) return Response.json({ open: tail.size + bare, rss: residentBytes() });
  const reader = {
    ...{ id: crypto.randomUUID(), roomId, audience: "client" as const, from: { message: 0 } },
    mayListen: () => Promise.resolve(true),
  };
  return streamOf(tail.open(reader));
});

const streamOf = (body: ReadableStream<Uint8Array>) =>
  new Response(body, { headers: { "Content-Type": "text/event-stream" } });

const bareStream = () =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      bare++;
      controller.enqueue(new TextEncoder().encode("retry: 1000\n\n"));
    },
    cancel: () => void bare--,
  });

/** Messages one after the other, each with one § in it, which a reader can count. */
async function say(roomId: number, count: number): Promise<Response> {
  const author = { authorKind: "admin" as const, authorId: 1, authorName: "Ada Novak" };
  for (let n = 0; n < count; n++) {
    const clientId = `${said++}`;
    const body = `§ Message ${clientId}, as long as what people write to each other here.`;
    await db.insert(chatMessages).values({ roomId, ...author, body, clientId, createdAt: NOW });
    tail.look();
  }
  return new Response(null, { status: 204 });
}

/** What the process holds when nothing is left to collect. */
function residentBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().rss;
}
