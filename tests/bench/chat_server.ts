import { openDb } from "../../db/client.ts";
import { ChatTail } from "../../routes/chat_tail.ts";
import { renderState } from "../../views/chat_state.tsx";
import { renderMessage } from "../../views/messages.tsx";

// Nothing but the tail behind HTTP, in a process of its own, so that its memory is the streams' alone.
const db = await openDb(Deno.args[0] ?? "");
const clock = () => Date.now();
const tail = new ChatTail(db, {
  message: (message, audience) => renderMessage(message, audience, "UTC"),
  state: (glance, audience) => renderState(glance, audience, "UTC"),
}, clock);

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, (request) => {
  const roomId = Number(new URL(request.url).searchParams.get("room"));
  if (!roomId) return Response.json({ open: tail.size, rss: residentBytes() });
  const reader = {
    ...{ id: crypto.randomUUID(), roomId, audience: "client" as const, from: { message: 0 } },
    mayListen: () => Promise.resolve(true),
  };
  return new Response(tail.open(reader), { headers: { "Content-Type": "text/event-stream" } });
});

/** What the process holds when nothing is left to collect. */
function residentBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().rss;
}
