import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { TALK_ON } from "../../db/chat.ts";
import { closeStreams, openStream, renewStreams } from "../../db/chat_streams.ts";
import { openDb } from "../../db/client.ts";
import { chatMessages, chatReads, serviceBookings } from "../../db/schema.ts";
import { bookingIn, castIn, DAY, fileOf, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { eventsOf, take } from "../event_reader.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown, escaped } from "../pages.ts";
import { assertProblem } from "../problems.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

async function roomIn(world: World) {
  const { booking, room } = await bookingIn(world.cast, "in_progress");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const client = `/bookings/${booking.reference}/chat`;
  return { booking, roomId: room?.id ?? 0, alice, ada, client, admin: `/admin${client}` };
}

let sent = 0;
const say = (visitor: Visitor, chat: string, body: string) =>
  visitor.post(`${chat}/messages`, { body, client_id: `said ${sent++}` });
const newest = async (world: World) => (await world.db.select().from(chatMessages)).at(-1);

Deno.test("a message is changed and deleted by its author alone, in a page, a part, and on both sides", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  await say(alice, client, "Wrong words.");
  const { id = 0 } = await newest(world) ?? {};
  const [own, foreign] = [`${client}/messages/${id}`, `${admin}/messages/${id}`];
  await assertUnknown(ada, await ada.get(foreign));
  await assertNothingWritten(world, async () => {
    await assertUnknown(ada, await ada.post(foreign, { body: "Mine now." }));
    await assertUnknown(ada, await ada.post(`${foreign}/deletion`, {}));
  });

  assertStringIncludes((await assertBothSizes(alice, own)).text, ">Wrong words.</textarea>");
  const empty = await alice.post(own, { body: " " }, { htmx: true });
  assertEquals(empty.status, 422);
  assertStringIncludes(empty.text, "Write a message.");
  const changed = await alice.post(own, { body: "Right words." });
  assertEquals([changed.status, changed.location], [303, `${client}?message=${id}#message-${id}`]);
  const part = await alice.post(own, { body: "Right words, really." }, { htmx: true });
  assertMatch(part.text, new RegExp(`^<article class="message mine" id="message-${id}"`));
  for (const [visitor, page] of [[alice, client], [ada, admin]] as const) {
    const { text } = await visitor.get(page);
    assertMatch(text, /<\/time> edited<\/p><p class="message-body">Right words, really\.</);
  }

  world.time.now += 5 * 60_000 + 1;
  const late = await alice.post(own, { body: "Too late." });
  assertEquals(late.status, 409);
  assertStringIncludes(late.text, "A message can be changed for five minutes");
  for (let twice = 0; twice < 2; twice++) {
    assertEquals((await alice.post(`${own}/deletion`, {})).status, 303);
  }
  const { text } = await ada.get(admin);
  assertStringIncludes(text, "This message was deleted.");
  assertEquals(text.includes("Right words"), false);
  const log = await ada.get("/admin/audit");
  assertStringIncludes(log.text, "chat.deleted");
});

Deno.test("what is read shows as seen to the other side, and is no longer unread", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin, booking } = await roomIn(world);
  await say(ada, admin, "One.");
  await say(ada, admin, "Two.");
  const { id = 0 } = await newest(world) ?? {};
  assertStringIncludes((await ada.get(admin)).text, ">Sent</p>");
  const before = await alice.get("/dashboard");
  assertMatch(before.text, /badge unread">1<span class="visually-hidden"> conversations/);
  assertMatch(before.text, /badge unread">2<span class="visually-hidden"> new messages/);
  assertMatch((await alice.get(client)).text, /New messages<\/p><article[^>]* id="message-1"/);

  const events = eventsOf((await ada.open(`${admin}/stream?after=${id}&change=0`)).body);
  await take(events, 1);
  const read = (message: string) => alice.post(`${client}/reads`, { message });
  assertEquals((await read(String(id))).status, 204);
  assertStringIncludes(
    (await take(events, 1))[0]?.data ?? "",
    `data-seen="${id}" data-at="${new Date(world.time.now).toISOString()}"`,
  );
  await events.return(null);
  assertStringIncludes((await ada.get(admin)).text, ">Seen 09:00</p>");
  const after = [await alice.get("/dashboard"), await alice.get(client)];
  for (const { text } of after) assertEquals(/badge unread|New messages/.test(text), false);

  assertEquals((await read("x")).status, 422);
  assertEquals((await read("999999")).status, 204);
  await say(alice, client, "An answer.");
  const board = await ada.get("/admin");
  assertStringIncludes(board.text, `<a href="${admin}"><b><bdi>Alice Meyer</bdi></b>`);
  assertEquals((await world.db.select().from(chatReads)).map(({ messageId }) => messageId), [id]);
  await say(ada, `/admin/bookings/${booking.reference}/chat`, "Three.");
  assertEquals((await ada.get("/admin")).text.includes("New in the chats"), false);
});

Deno.test("who types is told to the other side, is here, and stops with the message", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin } = await roomIn(world);
  const events = eventsOf((await ada.open(`${admin}/stream?after=0&change=0`)).body);
  const [alone] = await take(events, 1);
  assertStringIncludes(alone?.data ?? "", "Not here right now");

  assertEquals((await alice.post(`${client}/typing`, {})).status, 204);
  const [typing] = await take(events, 1);
  assertEquals(typing?.event, "chat:state");
  assertStringIncludes(typing?.data ?? "", "<bdi>Alice Meyer</bdi> is typing");
  assertStringIncludes(typing?.data ?? "", "<bdi>Alice Meyer</bdi> is here");
  await say(alice, client, "Done.");
  const [message, stopped] = await take(events, 2);
  assertEquals([message?.event, stopped?.event], ["message", "chat:state"]);
  assertEquals(stopped?.data.includes("is typing"), false);
  await events.return(null);
  world.time.now += 44_000;
  assertStringIncludes((await ada.get(admin)).text, "is here");
  world.time.now += 1000;
  assertStringIncludes((await ada.get(admin)).text, "Not here right now");
});

Deno.test("14 days after the work is done the room is read and nothing is written there", async () => {
  await using world = await openWorld();
  const { alice, ada, client, booking } = await roomIn(world);
  await say(alice, client, "The last word.");
  const { id = 0 } = await newest(world) ?? {};
  const completed = await ada.post(`/admin/bookings/${booking.reference}/completion`, {});
  assertEquals(completed.status, 303);
  const { completedAt } = (await fileOf(world.db, booking.reference)).booking;
  world.time.now = (completedAt ?? 0) + TALK_ON;
  const again = await world.signedIn("alice");
  assertEquals((await say(again, client, "On the last day.")).status, 303);
  world.time.now += 1;

  const page = await assertBothSizes(again, client);
  assertStringIncludes(page.text, "The last word.");
  assertStringIncludes(page.text, "This conversation ended 14 days after the work was done.");
  assertEquals(page.text.includes("<textarea"), false);
  await assertNothingWritten(world, async () => {
    for (const path of ["messages", `messages/${id}`, `messages/${id}/deletion`]) {
      const answer = await again.post(`${client}/${path}`, { body: "Late.", client_id: "late" });
      assertEquals([path, answer.status], [path, 409]);
      assertStringIncludes(answer.text, "14 days after the work was done");
    }
    assertEquals((await again.post(`${client}/typing`, {})).status, 204);
  });
  const script = { headers: { Accept: "application/json" } };
  const refused = await again.post(`${client}/messages`, { body: "Late.", client_id: "a" }, script);
  assertEquals(refused.headers.get("content-type"), "application/problem+json; charset=utf-8");
  assertStringIncludes(JSON.parse(refused.text).detail, "This conversation ended");
  await world.db.update(serviceBookings).set({ completedAt: world.time.now - DAY })
    .where(eq(serviceBookings.id, booking.id));
  assertEquals((await say(again, client, "Again.")).status, 303);
});

const texts: [string, string][] = [
  ["See https://northwind.example/a?b=1&c=(2).", "https://northwind.example/a?b=1&c=(2)"],
  ["(http://x.example/y)", "http://x.example/y"],
  ["write to mailto:ada@connectpro.example!", "mailto:ada@connectpro.example"],
];
const noLinks = [
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "https://",
  "vbscript:x file:///etc/passwd",
  `https:"onmouseover="alert(1)`,
];

Deno.test("asvs V1.2.2: addresses of the web and of mail are links that tell nothing, all else stays text", async () => {
  await using world = await openWorld();
  const { alice, client } = await roomIn(world);
  for (const [text] of texts) await say(alice, client, text);
  for (const text of noLinks) await say(alice, client, text);

  const { text } = await alice.get(client);
  const links = text.match(/<a href="[^"]*" rel="noopener noreferrer nofollow" target="_blank">/g);
  const rest = ` rel="noopener noreferrer nofollow" target="_blank">`;
  assertEquals(links, texts.map(([, href]) => `<a href="${escaped(href)}"${rest}`));
  for (const words of noLinks) {
    assertStringIncludes(text, `<p class="message-body">${escaped(words)}</p>`);
  }
});

Deno.test("a room of 20,000 messages opens as one small page, at the newest, the first unread, or any of them", async () => {
  await using world = await openWorld();
  const { alice, ada, client, admin, roomId } = await roomIn(world);
  const author = { authorKind: "client" as const, authorId: 1, authorName: "Alice Meyer" };
  for (let from = 0; from < 20_000; from += 2000) {
    await world.db.insert(chatMessages).values(Array.from({ length: 2000 }, (_, n) => ({
      ...{ roomId, ...author, clientId: `n${from + n}`, createdAt: NOW },
      body: `Number ${from + n}. ${"\u{1F9C0} & <b>cheese</b> ".repeat(n % 40)}`,
    })));
  }
  const opened = [
    [await alice.get(client), "Number 19999."],
    [await ada.get(admin), "Number 0."],
    [await ada.get(`${admin}?newest`), "Number 19999."],
    [await alice.get(`${client}?message=10001`), "Number 10000."],
    [await ada.get(`${admin}?after=500`), "Number 500."],
  ] as const;
  for (const [{ status, text }, words] of opened) {
    assertEquals(status, 200);
    assertStringIncludes(text, words);
    assertStringIncludes(text, '<textarea id="body"');
    assert(new TextEncoder().encode(text).length < 60 * 1024, `${words} is a small page`);
  }
});

Deno.test("six streams of a member are counted over all processes, and end with their process", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const elsewhere = await openDb(database.url);
  const cast = await castIn(db);
  const { room } = await bookingIn(cast, "in_progress");
  const place = {
    room: { id: room?.id ?? 0 },
    member: { kind: "client" as const, id: 1, name: "A" },
  };
  const open = (n: number, now = NOW) => openStream(n % 2 ? db : elsewhere, place, now);

  const all = await Promise.allSettled(Array.from({ length: 9 }, (_, n) => open(n)));
  const ids = all.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  assertEquals(ids.length, 6);
  await assertProblem(open(0), "too_many");
  await closeStreams(db, ids.slice(0, 1));
  ids.push(await open(1));
  await renewStreams(db, ids.slice(-1), NOW + 29_000);
  const later = await Promise.allSettled(
    Array.from({ length: 9 }, (_, n) => open(n, NOW + 30_001)),
  );
  assertEquals(later.filter(({ status }) => status === "fulfilled").length, 5);
  elsewhere.$client.close();
});
