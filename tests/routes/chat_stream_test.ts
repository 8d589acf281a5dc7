import { assertEquals, assertStringIncludes } from "@std/assert";
import { bookingIn } from "../cast.ts";
import { eventsOf, saidIn, take } from "../event_reader.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

async function roomIn(world: World) {
  const { booking } = await bookingIn(world.cast, "in_progress");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const client = `/bookings/${booking.reference}/chat`;
  return { alice, ada, client, admin: `/admin${client}` };
}

let sent = 0;
const say = (visitor: Visitor, chat: string, body: string) =>
  visitor.post(`${chat}/messages`, { body, client_id: `said ${sent++}` });

async function listen(visitor: Visitor, path: string, headers: Record<string, string> = {}) {
  const response = await visitor.open(path, headers);
  assertEquals([path, response.status], [path, 200]);
  return eventsOf(response.body);
}

Deno.test("what one side says arrives at the other, rendered for each", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const [hers, theirs] = [
    await listen(alice, `${client}/stream`),
    await listen(ada, `${admin}/stream`),
  ];

  await say(alice, client, "Hello, Ada.");
  await say(ada, admin, "Hello, Alice.");
  const [atAlice, atAda] = [await take(hers, 2), await take(theirs, 2)];
  for (
    const [events, sides] of [[atAlice, ["mine", "theirs"]], [atAda, ["theirs", "mine"]]] as const
  ) {
    assertEquals(events.map(saidIn), ["Hello, Ada.", "Hello, Alice."]);
    for (const [at, { id, event, data }] of events.entries()) {
      assertEquals(event, "message");
      assertStringIncludes(data, `<article class="message ${sides[at]}" id="message-${id}"`);
    }
  }
  assertEquals(atAlice.map(({ id }) => id), atAda.map(({ id }) => id));
  await Promise.all([hers.return(null), theirs.return(null)]);
});

Deno.test("the stream is one that no proxy keeps or holds back", async () => {
  await using world = await openWorld();
  const { alice, client } = await roomIn(world);
  const response = await alice.open(`${client}/stream`);
  await response.body?.cancel();
  const head = await alice.send(`${client}/stream`, { method: "HEAD" });

  for (const { status, headers } of [response, head]) {
    assertEquals(status, 200);
    assertEquals(headers.get("content-type"), "text/event-stream; charset=utf-8");
    assertEquals(headers.get("cache-control"), "private, no-store, no-transform");
    assertEquals(headers.get("x-accel-buffering"), "no");
  }
});

Deno.test("who comes back names the last message they have, and gets the rest once", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const words = ["one", "two", "three", "four", "five"];
  for (const word of words) await say(ada, admin, word);
  const all = await listen(alice, `${client}/stream?after=0`);
  const ids = (await take(all, 5)).map(({ id }) => id);
  await all.return(null);

  const ways: [string, Record<string, string>, string[]][] = [
    [`?after=${ids[2]}`, {}, ["four", "five", "six"]],
    ["", { "Last-Event-ID": ids[1] ?? "" }, ["three", "four", "five", "six"]],
    ["?after=0", { "Last-Event-ID": ids[3] ?? "" }, ["five", "six"]],
    [`?after=${ids[4]}`, {}, ["six"]],
    ["?after=x", { "Last-Event-ID": "-1; drop" }, [...words, "six"]],
    ["?after=1e3", {}, [...words, "six"]],
  ];
  const streams = [];
  for (const [query, headers] of ways) {
    streams.push(await listen(alice, `${client}/stream${query}`, headers));
  }
  await say(ada, admin, "six");
  for (const [at, events] of streams.entries()) {
    const [query, , expected] = ways[at] ?? ["", {}, []];
    assertEquals([query, (await take(events, expected.length)).map(saidIn)], [query, expected]);
    await events.return(null);
  }
});

Deno.test("a reader that names a message that does not exist yet is told to load the page", async () => {
  await using world = await openWorld();
  const { alice, client } = await roomIn(world);
  await say(alice, client, "Hello.");

  const events = await listen(alice, `${client}/stream?after=999999`);
  const [reset] = await take(events, 1);
  assertEquals([reset?.event, reset?.data], ["chat:reset", ""]);
  await events.return(null);
});

Deno.test("who follows the messages alone hears what becomes of them", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const events = await listen(ada, `${admin}/stream`);
  await say(alice, client, "Wrong words.");
  const [{ id = "" } = {}] = await take(events, 1);

  await alice.post(`${client}/messages/${id}`, { body: "Right words." });
  await alice.post(`${client}/typing`, {});
  await alice.post(`${client}/messages/${id}/deletion`, {});
  const [edited, deleted] = await take(events, 2);
  assertEquals([edited?.event, edited && saidIn(edited)], ["chat:change", "Right words."]);
  assertStringIncludes(deleted?.data ?? "", `id="message-${id}"`);
  assertStringIncludes(deleted?.data ?? "", "This message was deleted.");
  await events.return(null);
});

Deno.test("line ends and strange letters in a text stay inside its one event", async () => {
  await using world = await openWorld();
  const { alice, client } = await roomIn(world);
  const events = await listen(alice, `${client}/stream`);
  const texts = [
    "one\r\n\r\nevent: chat:reset\r\ndata: evil\r\n\r\nid: 7",
    "a\u2028b\u2029c\u0085d\u000be",
    "data: x\n: comment\nretry: 1",
    "🧀 zero\u200bwidth \ufeffmark",
  ];

  for (const text of texts) await say(alice, client, text);
  await say(alice, client, "The end.");
  const arrived = await take(events, texts.length + 1);
  assertEquals(arrived.map(({ event }) => event), arrived.map(() => "message"));
  assertEquals(
    arrived.map(saidIn),
    [...texts, "The end."].map((text) => text.replaceAll("\r", "")),
  );
  assertEquals(new Set(arrived.map(({ id }) => id)).size, arrived.length);
  await events.return(null);
});

Deno.test("all readers see one order, and only their own room", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const other = (await roomIn(world)).admin;
  const readers = [
    await listen(alice, `${client}/stream`),
    await listen(alice, `${client}/stream`),
    await listen(ada, `${admin}/stream`),
  ];

  await Promise.all(
    Array.from({ length: 20 }, (_, n) => [
      say(alice, client, `client ${n}`),
      say(ada, admin, `admin ${n}`),
      say(ada, other, `elsewhere ${n}`),
    ]).flat(),
  );
  const [first = [], ...others] = await Promise.all(readers.map((events) => take(events, 40)));
  assertEquals(new Set(first.map(saidIn)).size, 40);
  assertEquals(first.filter((event) => saidIn(event).startsWith("elsewhere")), []);
  const ids = first.map(({ id }) => Number(id));
  assertEquals(ids, [...ids].sort((a, b) => a - b));
  for (const seen of others) assertEquals(seen.map(({ id }) => Number(id)), ids);
  for (const events of readers) await events.return(null);
});

Deno.test("the app that stops ends its streams", async () => {
  const world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const streams = [await listen(alice, `${client}/stream`), await listen(ada, `${admin}/stream`)];
  await say(alice, client, "Goodbye.");
  for (const events of streams) assertEquals((await take(events, 1)).map(saidIn), ["Goodbye."]);

  await world[Symbol.asyncDispose]();
  for (const events of streams) assertEquals(await take(events, 1), []);
});

Deno.test("a member has six streams open, a seventh is refused, and another member is not", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const open = await Promise.all(Array.from({ length: 6 }, () => alice.open(`${client}/stream`)));
  assertEquals(open.map(({ status }) => status), Array(6).fill(200));

  const seventh = await alice.get(`${client}/stream`, { htmx: true });
  assertEquals(seventh.status, 429);
  assertEquals(seventh.headers.get("retry-after"), "30");
  assertStringIncludes(seventh.text, "Close some of them first");

  const other = await ada.open(`${admin}/stream`);
  assertEquals(other.status, 200);
  await Promise.all([...open, other].map(({ body }) => body?.cancel()));
});
