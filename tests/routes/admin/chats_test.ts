import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { assignBooking } from "../../../db/assignments.ts";
import { filledWith, variables } from "../../../db/reply_gaps.ts";
import { bookingNotes, cannedReplies, chatRooms } from "../../../db/schema.ts";
import { bookingIn, dump, HOUR, NOW } from "../../cast.ts";
import { eventsOf, saidIn, type StreamEvent, take } from "../../event_reader.ts";
import { assertBothSizes, assertUnknown, escaped } from "../../pages.ts";
import { addressOf, visit } from "../../walks.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, type World } from "../../world.ts";

const CANARY = "canary-of-a-note";

async function chatIn(world: World) {
  const file = await bookingIn(world.cast, "in_progress");
  const { reference } = file.booking;
  const base = `/admin/bookings/${reference}`;
  return { file, reference, base, client: `/bookings/${reference}/chat` };
}
const give = (world: World, { file }: Awaited<ReturnType<typeof chatIn>>, adminId: number) =>
  assignBooking(world.db, file.booking, { adminId, actor: world.cast.ada, now: NOW });

Deno.test("a note is kept once, is deleted by its author alone, and leads back to where it was written", async () => {
  await using world = await openWorld();
  const chat = await chatIn(world);
  const { base } = chat;
  const [ada, zoe] = [await world.signedIn("ada"), await world.hired("agent")];
  const action = `${base}/notes`;

  for (const [page, back] of [[base, base], [`${base}/chat`, `${base}/chat`], [action, action]]) {
    const kept = await ada.fill(page ?? "", action, { note: `Written at ${page}.\r\n<b>` });
    assertEquals([kept.status, kept.location], [303, `${back}#notes`]);
    const { text } = await ada.get(page ?? "");
    assertStringIncludes(text, escaped(`Written at ${page}.\n<b>`));
    assertStringIncludes(text, "Only staff see this.");
  }
  await assertBothSizes(ada, action);
  const once = { note: "Once.", idempotency_key: "key-1" };
  const parts = await Promise.all([1, 2, 3].map(() => ada.post(action, once, { htmx: true })));
  for (const { status, text } of parts) {
    assertEquals([status, text.split('id="note-key-1"').length], [200, 2]);
  }
  assertEquals((await world.db.select().from(bookingNotes)).length, 4);
  for (const note of ["", " ", "x".repeat(2001)]) {
    const wrong = await ada.post(action, { note, view: "chat" });
    assertEquals(wrong.status, 422);
    assertMatch(wrong.text, /role="alert"[\s\S]*href="#note">Write /);
  }

  const deletion = `${action}/key-1/deletion`;
  await assertUnknown(zoe.visitor, await zoe.visitor.get(action));
  await assertUnknown(zoe.visitor, await zoe.visitor.post(action, { note: "Not mine." }));
  await give(world, chat, zoe.id);
  assertStringIncludes((await zoe.visitor.get(action)).text, "Once.");
  await assertUnknown(zoe.visitor, await zoe.visitor.post(deletion, {}));
  const gone = await ada.post(deletion, { view: "chat" });
  assertEquals([gone.status, gone.location], [303, `${base}/chat#notes`]);
  const again = await ada.post(deletion, {}, { htmx: true });
  assertEquals([again.status, again.text.includes("This note was deleted.")], [200, true]);
  assertEquals(again.text.includes("Once."), false);
});

Deno.test("no page, stream, mail or table of a client's ever carries a note", async () => {
  await using world = await openWorld();
  const { file, base, client } = await chatIn(world);
  const [alice, bob, ada] = [
    await world.signedIn("alice"),
    await world.signedIn("bob"),
    await world.signedIn("ada"),
  ];
  const [events, others] = [
    eventsOf((await alice.open(`${client}/stream?after=0&change=0`)).body),
    eventsOf((await ada.open(`${base}/chat/stream?after=0&change=0`)).body),
  ];
  const until = async (of: typeof events, seen: (event: StreamEvent) => boolean) => {
    const all: StreamEvent[] = [];
    while (!all.some(seen)) all.push(...await take(of, 1));
    return all;
  };
  await ada.post(`${base}/notes`, { note: `${CANARY} https://example.org/${CANARY}` });
  await ada.post(`${base}/notes`, { note: `${CANARY} taken back`, idempotency_key: "gone" });
  await ada.post(`${base}/notes/gone/deletion`, {});
  await ada.post(`${base}/chat/messages`, { body: "After the notes.", client_id: "a" });
  await ada.post(`${base}/completion`, {});
  for (const path of [base, `${base}/chat`, `${base}/notes`]) {
    assertStringIncludes((await ada.get(path)).text, CANARY);
  }

  await until(others, ({ event }) => event === "chat:notes");
  const sent = await until(events, (event) => saidIn(event) === "After the notes.");
  await Promise.all([events, others].map((stream) => stream.return(undefined)));
  assertEquals(sent.filter(({ event, data }) => (event + data).match(/notes$|canary/)), []);
  const wish = `?reply=${CANARY}&view=chat&before=99&q=canary`;
  const routes = world.routes.filter((route) => /^GET \/(?!admin|.*\/stream$)/.test(route));
  assert(routes.length > 40, "the walk saw the addresses");
  for (const [visitor, query] of [[alice, ""], [alice, wish], [bob, ""], [world.stranger(), ""]]) {
    for (const route of routes) {
      const path = `${addressOf(route, file)}${query}`;
      const { text } = await visit(world, visitor as Visitor, { route, path });
      assertEquals([path, text.replaceAll(wish, "").includes(CANARY)], [path, false]);
    }
  }
  for (const path of [`${base}/notes`, `/admin/chat?q=${CANARY}`, `${base}/notes/gone/deletion`]) {
    assertEquals((await alice.get(path)).text.includes(CANARY), false);
  }
  assertEquals((await ada.get("/admin/payments/export.csv")).text.includes(CANARY), false);
  const mails = await world.mails();
  assert(mails.some(({ subject }) => subject.includes(file.booking.reference)));
  assertEquals(JSON.stringify(mails).includes(CANARY), false);
  const { booking_notes: notes, ...rest } = await dump(world.db);
  assertStringIncludes(JSON.stringify(notes), CANARY);
  assertEquals(JSON.stringify(rest).includes(CANARY), false);
});

Deno.test("a reply is added, changed and removed by managers, and fills the composer of anybody's chat", async () => {
  await using world = await openWorld();
  const chat = await chatIn(world);
  const [manager, zoe] = [await world.hired("manager"), await world.hired("agent")];
  const post = (fields: Record<string, string>) => manager.visitor.post("/admin/replies", fields);
  const stored = () => world.db.select().from(cannedReplies);
  const body = "Thank you, {{ client }}, for {{service}} ({{reference}}).\r\n{{me}}, {{agency}}";

  assertEquals((await post({ slug: " /Thanks", body })).status, 303);
  const [reply] = await stored();
  assertEquals(reply?.slug, "thanks");
  const wrong: [Record<string, string>, string][] = [
    [{ slug: "thanks", body }, "There is one with this name already."],
    [{ slug: "two words", body }, "Use small letters, digits and hyphens"],
    [{ slug: "empty", body: " " }, "Write the text."],
    [
      { slug: "b", body: "Dear {{clint}}" },
      "We do not know {{clint}}. What we fill in is {{client}}",
    ],
    [{ slug: "b", body: "Dear {{client}" }, "Two braces open or close here alone."],
  ];
  for (const [fields, sentence] of wrong) {
    const answer = await post(fields);
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, escaped(sentence));
  }
  assertEquals((await stored()).length, 1);
  await assertBothSizes(manager.visitor, "/admin/replies");
  assertEquals((await zoe.visitor.post("/admin/replies", { slug: "b", body })).status, 403);

  await give(world, chat, zoe.id);
  const { text } = await assertBothSizes(zoe.visitor, `${chat.base}/chat?reply=thanks`);
  const { serviceName } = chat.file.booking;
  const said =
    `Thank you, Alice Meyer, for ${serviceName} (${chat.reference}).\nThe agent, ConnectPro`;
  assertMatch(text, /<textarea id="body"[^>]*autofocus/);
  assertStringIncludes(text, `>${escaped(said)}</textarea>`);
  assertStringIncludes(text, '<option value="thanks">/thanks</option>');
  const none = await zoe.visitor.get(`${chat.base}/chat?reply=nothing`);
  assertMatch(none.text, /<textarea id="body"[^>]*><\/textarea>/);
  const alice = await world.signedIn("alice");
  assertEquals((await alice.get(`${chat.client}?reply=thanks`)).text.includes("Thank you"), false);

  const id = String(reply?.id);
  assertEquals((await post({ id, slug: "thank-you", body: "Thank you." })).status, 303);
  assertEquals((await stored()).map(({ slug, body }) => [slug, body]), [[
    "thank-you",
    "Thank you.",
  ]]);
  assertEquals((await post({ id: "99", slug: "c", body })).status, 404);
  const removal = `/admin/replies/${id}/removal`;
  assertEquals((await manager.visitor.post(removal, {})).status, 303);
  assertEquals((await manager.visitor.post(removal, {})).status, 404);
  assertEquals(await stored(), []);
});

Deno.test("what fills a gap is text: a client's name opens no gap of its own", () => {
  const filling = Object.fromEntries(variables.map((name) => [name, `<${name}>`]));
  const name = { ...filling, client: "{{me}} $& $1" } as Parameters<typeof filledWith>[0];
  const body = "{{client}} {{ me }} {{agency}} {me} {{other}} {{constructor}}";
  assertEquals(
    filledWith(name, { body }),
    "{{me}} $& $1 <me> <agency> {me} {{other}} {{constructor}}",
  );
});

Deno.test("staff see every chat, who waits, what is theirs, and find what was said", async () => {
  await using world = await openWorld();
  const [mine, other] = [await chatIn(world), await chatIn(world)];
  const alice = await world.signedIn("alice");
  const body = "Is <img src=x> the \u0002logo\u0003 ready?";
  for (const { client } of [mine, other]) await alice.post(`${client}/messages`, { body });
  world.time.now += 3 * HOUR;
  const [ada, zoe] = [await world.signedIn("ada"), await world.hired("agent")];
  await give(world, mine, zoe.id);

  const { text } = await assertBothSizes(ada, "/admin/chat");
  assertMatch(text, /href="\/admin\/chat">Chats<span class="badge unread">1</);
  assertStringIncludes(text, ">3 h</time>");
  assertStringIncludes(text, escaped("Is <img src=x> the"));
  const shown = async (path: string, visitor = ada) => {
    const { text } = await visitor.get(path);
    return [mine, other].map(({ reference }) => text.includes(`data-reference="${reference}"`));
  };
  assertEquals(await shown("/admin/chat"), [true, true]);
  assertEquals(await shown("/admin/chat?show=unread"), [false, true]);
  assertEquals(await shown("/admin/chat?show=mine"), [false, false]);
  assertEquals(await shown("/admin/chat?show=x&page=x&before=x"), [true, true]);
  for (const show of ["", "?show=unread", "?show=mine"]) {
    assertEquals(await shown(`/admin/chat${show}`, zoe.visitor), [true, false]);
  }

  const found = await assertBothSizes(ada, "/admin/chat?q=LOG");
  assertEquals(found.text.match(/<mark>logo<\/mark>/g)?.length, 2);
  assertEquals(found.text.includes("<img src"), false);
  const link = found.text.match(/href="([^"]*\/chat\?message=\d+#message-\d+)"/)?.[1] ?? "";
  assertStringIncludes((await ada.get(link)).text, `id="${link.split("#")[1]}"`);
  const own = await zoe.visitor.get("/admin/chat?q=logo");
  assertEquals([own.text.includes(mine.reference), own.text.includes(other.reference)], [
    true,
    false,
  ]);
  assertStringIncludes((await ada.get("/admin/chat?q=%22%29+OR")).text, "Nobody has said that.");

  const noAnswer = `/admin/chat/${other.reference}/no-answer`;
  await assertUnknown(zoe.visitor, await zoe.visitor.post(noAnswer, { message: "2" }));
  const early = await ada.post(noAnswer, { message: "1" });
  assertEquals(early.status, 409);
  assertStringIncludes(early.text, "They have written again meanwhile.");
  assertEquals((await ada.fill("/admin/chat", noAnswer)).location, "/admin/chat");
  assertEquals((await ada.post(noAnswer, { message: "2" })).status, 303);
  const waiting = (await world.db.select().from(chatRooms)).map((room) =>
    room.waitingSince !== null
  );
  assertEquals(waiting, [true, false]);
  assertMatch((await ada.get("/admin/chat")).text, /href="\/admin\/chat">Chats<\/a>/);
});
