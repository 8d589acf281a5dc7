import type { Booking } from "../../db/booking_moves.ts";
import { type Message, postMessage, type Room } from "../../db/chat.ts";
import { openDb } from "../../db/client.ts";
import { chatMessages } from "../../db/schema.ts";
import { ChatTail } from "../../routes/chat_tail.ts";
import { renderState } from "../../views/chat_state.tsx";
import { renderMessage } from "../../views/messages.tsx";
import { bookingIn, type Cast, castIn, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { openWorld } from "../world.ts";
import { Crowd, startChatServer } from "./chat_servers.ts";

// What the chat carries. The numbers of issue 6 are measured while this file loads and printed as lines; what is
// left for `deno bench` is one room of a thousand readers, and opening a room with twenty thousand messages.
const render: ChatTail["render"] = {
  message: (message: Message, audience) => renderMessage(message, audience, "UTC"),
  state: (glance, audience) => renderState(glance, audience, "UTC"),
};
const say = (what: string, value: string) => console.log(`chat: ${what}: ${value}`);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const shareOf = (sorted: number[], share: number) =>
  (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);

type Place = { room: Room; booking: Booking };

/** Rooms of one booking's kind: what a room costs does not depend on whose it is. */
async function roomsIn(cast: Cast, count: number): Promise<Place[]> {
  const places: Place[] = [];
  for (let n = 0; n < count; n++) {
    const { booking, room } = await bookingIn(cast, "in_progress");
    places.push({ booking, room: room as Room });
  }
  return places;
}

const readerOf = (roomId: number, audience: "client" | "admin" = "client") => ({
  ...{ id: crypto.randomUUID(), roomId, audience, from: { message: 0 } },
  mayListen: () => Promise.resolve(true),
});

/** Reads a stream to its end and tells of each chunk. */
async function listen(stream: ReadableStream<Uint8Array>, hear: (bytes: Uint8Array) => void) {
  for await (const chunk of stream) hear(chunk);
}

/** 1,000 streams in 500 rooms, 500 messages a second for `seconds`, each written to the database. */
async function measureDelivery(seconds: number) {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const places = await roomsIn(cast, 500);
  const tail = new ChatTail(database.db, render, () => Date.now());
  const decoder = new TextDecoder();
  const posted = new Map<string, number>();
  const delays: number[] = [];
  const readers = places.flatMap(({ room }) => [readerOf(room.id), readerOf(room.id, "admin")]);
  const ends = readers.map((reader) =>
    listen(tail.open(reader), (bytes) => {
      const key = decoder.decode(bytes).match(/data-client-id="([^"]*)"/)?.[1];
      const at = posted.get(key ?? "");
      if (at !== undefined) delays.push(performance.now() - at);
    })
  );
  // All have caught up: how they join is not what is measured.
  await pause(1500);
  const begin = performance.now();
  for (let n = 0; n < 500 * seconds; n++) {
    const due = begin + n * 2;
    while (performance.now() < due) await pause(0);
    posted.set(`m${n}`, performance.now());
    const place = places[(n * 7) % 500] as Place;
    const post = { body: `Message ${n}`, clientId: `m${n}`, actor: cast.ada, now: NOW };
    await postMessage(database.db, place, post);
    tail.look();
  }
  await pause(200);
  const rate = 500 * seconds / ((performance.now() - begin - 200) / 1000);
  await tail.close();
  await Promise.all(ends);
  delays.sort((a, b) => a - b);
  const at = (share: number) => shareOf(delays, share);
  say("1,000 streams, 500 rooms", `${rate.toFixed(0)} messages/s, ${delays.length} deliveries`);
  say("delivery from before the write", `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
}

/** What another process stored arrives by the tick alone: nothing here says that it is there. */
async function measureElsewhere(messages: number) {
  await using database = await openTestDatabase();
  const elsewhere = await openDb(database.url);
  const cast = await castIn(database.db);
  const [place] = await roomsIn(cast, 1) as [Place];
  const tail = new ChatTail(database.db, render, () => Date.now());
  const delays: number[] = [];
  let at = 0;
  const end = listen(tail.open(readerOf(place.room.id)), (bytes) => {
    if (bytes.length > 50) delays.push(performance.now() - at);
  });
  for (let n = 0; n < messages; n++) {
    await pause(300 + n * 37 % 250);
    at = performance.now();
    const post = { body: `${n}`, clientId: `${n}`, actor: cast.ada, now: NOW };
    await postMessage(elsewhere, place, post);
  }
  await pause(600);
  await tail.close();
  await end;
  elsewhere.$client.close();
  delays.sort((a, b) => a - b);
  const [half, most] = [shareOf(delays, 0.5), shareOf(delays, 0.95)];
  say("delivery from another process", `p50 ${half} ms, p95 ${most} ms of ${delays.length}`);
}

/** Memory of streams over HTTP in a process of their own: each, all at once, and after many came and went. */
async function measureMemory(count: number, cycles: number) {
  await using database = await openTestDatabase();
  const places = await roomsIn(await castIn(database.db), 10);
  await using server = await startChatServer(database.url);
  const crowd = new Crowd(server.port);
  const { rss: empty } = await server.ask();
  await crowd.join(100, `/?room=${places[0]?.room.id}`);
  const begun = await server.until(100);
  for (const { room } of places.slice(1)) await crowd.join(100, `/?room=${room.id}`);
  const first = await server.until(1000);
  for (const { room } of places) await crowd.join((count - 1000) / 10, `/?room=${room.id}`);
  const all = await server.until(count);
  const kilobytes = (bytes: number, streams: number) => (bytes / streams / 1024).toFixed(0);
  const once = ((begun - empty) / 1024 / 1024).toFixed(0);
  say("the first 100 streams", `${once} MB, most of it once: code and room to work`);
  const [each, inAll] = [kilobytes(first - begun, 900), kilobytes(first - empty, 1000)];
  say("the first 1,000 streams", `${each} KB resident each after these, ${inAll} KB with them`);
  const more = kilobytes(all - first, count - 1000);
  say(`${count} streams open at once`, `${more} KB resident for each after the 1,000th`);
  crowd.leave();
  const after = await server.until(0);
  for (let n = 0; n < cycles; n += 50) {
    await crowd.join(50, `/?room=${places[0]?.room.id}`);
    await server.until(50);
    crowd.leave();
    await server.until(0);
  }
  const grown = ((await server.until(0) - after) / after * 100).toFixed(1);
  say(`after ${cycles} more came and went`, `${grown} % more than before them`);
}

/** The same for streams without us: what the server itself takes for each. */
async function measureBare() {
  await using database = await openTestDatabase();
  await using server = await startChatServer(database.url);
  const crowd = new Crowd(server.port);
  const { rss: empty } = await server.ask();
  await crowd.join(1000, "/?bare");
  const each = (await server.until(1000) - empty) / 1000 / 1024;
  say("the first 1,000 streams of a bare server", `${each.toFixed(0)} KB resident each`);
  crowd.leave();
}

/** One room of 1,000 readers, each on a socket; messages are stored one after the other and read by the tail. */
async function measureCrowd(messages: number) {
  await using database = await openTestDatabase();
  const [{ room }] = await roomsIn(await castIn(database.db), 1) as [Place];
  await using server = await startChatServer(database.url);
  const crowd = new Crowd(server.port);
  await crowd.join(1000, `/?room=${room.id}`);
  await server.until(1000);
  const saying = (count: number) => () => fetch(`${server.url}/?room=${room.id}&say=${count}`);
  await crowd.hear(100 * 1000, saying(100));
  const taken = await crowd.hear(messages * 1000, saying(messages));
  const rate = (messages * 1000 / taken).toFixed(0);
  say("one room of 1,000 over sockets", `${rate} thousand deliveries/s, ${messages} messages`);
  crowd.leave();
}

await measureDelivery(6);
await measureElsewhere(20);
await measureBare();
await measureMemory(5000, 500);
await measureCrowd(500);

const database = await openTestDatabase();
const cast = await castIn(database.db);
const [crowd] = await roomsIn(cast, 1) as [Place];
const tail = new ChatTail(database.db, render, () => Date.now());
let heard = 0;
let all = Promise.withResolvers<void>();
const READERS = 1000;
for (let n = 0; n < READERS; n++) {
  listen(tail.open(readerOf(crowd.room.id)), (bytes) => {
    if (bytes.length > 50 && ++heard % READERS === 0) all.resolve();
  });
}
let n = 0;
Deno.bench("one room of 1,000: a message written and delivered to all", async () => {
  all = Promise.withResolvers();
  const key = `crowd ${n++}`;
  await postMessage(database.db, crowd, { body: key, clientId: key, actor: cast.ada, now: NOW });
  tail.look();
  await all.promise;
});

const world = await openWorld();
const { booking, room } = await bookingIn(world.cast, "in_progress");
const author = { authorKind: "client" as const, authorId: 1, authorName: "Alice" };
for (let from = 0; from < 20_000; from += 1000) {
  await world.db.insert(chatMessages).values(Array.from({ length: 1000 }, (_, at) => ({
    ...{ roomId: (room as Room).id, ...author, createdAt: NOW },
    ...{ body: `Number ${from + at}`, clientId: `${from + at}` },
  })));
}
const alice = await world.signedIn("alice");
const path = `/bookings/${booking.reference}/chat`;
const page = await alice.get(path);
say("a page of a room with 20,000 messages", `${(page.text.length / 1024).toFixed(1)} KB`);
Deno.bench("open a room with 20,000 messages", async () => void await alice.get(path));
