import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Status, statuses } from "../../db/booking_status.ts";
import { chatMessages } from "../../db/schema.ts";
import { bookingIn, fileOf } from "../cast.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown, escaped } from "../pages.ts";
import type { Answer, Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

const open: Status[] = ["paid", "in_progress", "completed"];
const messagesIn = (world: World) => world.db.select().from(chatMessages);

/** The chat of a booking in `status`, for both sides. */
async function chatIn(world: World, status: Status) {
  const { booking } = await bookingIn(world.cast, status);
  const ref = booking.reference;
  return { ref, client: `/bookings/${ref}/chat`, admin: `/admin/bookings/${ref}/chat` };
}

/** What the element of a message says about it. */
function messageIn({ text }: Answer, clientId: string): string {
  const items = text.match(/<article class="message[\s\S]*?<\/article>/g) ?? [];
  return items.find((item) => item.includes(`data-client-id="${clientId}"`)) ?? "";
}

Deno.test("both sides write, see themselves right and the other left, and the first word starts the work", async () => {
  await using world = await openWorld();
  const { ref, ...chat } = await chatIn(world, "paid");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];

  const silence = "Nobody has written yet. The first message starts the work.";
  assertStringIncludes((await alice.get(chat.client)).text, silence);
  const said = await alice.fill(chat.client, `${chat.client}/messages`, { body: "Hello, Ada." });
  assertEquals([said.status, said.location], [303, `${chat.client}#composer`]);
  assertEquals((await fileOf(world.db, ref)).booking.status, "in_progress");
  const replied = await ada.fill(chat.admin, `${chat.admin}/messages`, { body: "Hello, Alice." });
  assertEquals([replied.status, replied.location], [303, `${chat.admin}#composer`]);

  const [hers, theirs] = await messagesIn(world);
  const seen = [await assertBothSizes(alice, chat.client), await assertBothSizes(ada, chat.admin)];
  for (const [at, own, other] of [[0, hers, theirs], [1, theirs, hers]] as const) {
    const page = seen[at] as Answer;
    assertMatch(messageIn(page, own?.clientId ?? ""), /^<article class="message mine"/);
    assertMatch(messageIn(page, other?.clientId ?? ""), /^<article class="message theirs"/);
    assertStringIncludes(page.text, `id="message-${own?.id}"`);
    assert(!page.text.includes("Nobody has written yet."));
    assertStringIncludes(page.text, `/stream?after=${theirs?.id}"`);
  }
});

const json = "application/json";

Deno.test("a message that is sent twice, or ten times at once, is one message", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");

  for (const status of open) {
    const { client } = await chatIn(world, status);
    const before = (await messagesIn(world)).length;
    const sent = { body: "Once.", client_id: "the same form" };
    const say = () => alice.post(`${client}/messages`, sent);
    const answers = [...await Promise.all(Array.from({ length: 10 }, say)), await say()];
    assertEquals(answers.map((answer) => answer.status), answers.map(() => 303));
    const messages = await messagesIn(world);
    assertEquals(messages.length - before, 1);
    const told = await alice.post(`${client}/messages`, sent, { headers: { accept: json } });
    assertEquals(JSON.parse(told.text), { id: messages.at(-1)?.id, client_id: sent.client_id });
  }
});

Deno.test("two who write the first word at once are both heard", async () => {
  await using world = await openWorld();
  const { ref, ...chat } = await chatIn(world, "paid");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];

  const answers = await Promise.all([
    alice.post(`${chat.client}/messages`, { body: "Hello from Alice.", client_id: "a" }),
    ada.post(`${chat.admin}/messages`, { body: "Hello from Ada.", client_id: "b" }),
  ]);
  assertEquals(answers.map(({ status }) => status), [303, 303]);
  assertEquals(new Set((await messagesIn(world)).map(({ clientId }) => clientId)), new Set("ab"));
  const { booking, events } = await fileOf(world.db, ref);
  assertEquals(booking.status, "in_progress");
  assertEquals(events.filter(({ move }) => move === "start").length, 1);
});

Deno.test("htmx gets an empty composer for the next message, a form with a file is read too", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world, "in_progress");

  const sent = { body: "In place.", client_id: "first" };
  const part = await alice.post(`${client}/messages`, sent, { htmx: true });
  assertEquals([part.status, part.text.includes("<html")], [200, false]);
  assertMatch(part.text, /^<div id="composer">/);
  assertMatch(part.text, /name="client_id" value="[\w-]{36}"/);
  assert(!part.text.includes("In place."), "what was sent is not offered again");

  const body = new FormData();
  for (const [name, value] of [["body", "With a file."], ["client_id", "second"]] as const) {
    body.set(name, value);
  }
  body.append("file", new File(["a plan"], "plan.txt"));
  const headers = { Origin: world.url };
  const answer = await alice.send(`${client}/messages`, { method: "POST", body, headers });
  assertEquals(answer.status, 303);
  assertEquals((await messagesIn(world)).map(({ body }) => body), ["In place.", "With a file."]);
});

const mistakes: [Record<string, string | string[]>, string][] = [
  [{}, "Write a message."],
  [{ body: "" }, "Write a message."],
  [{ body: " \r\n\t\0 " }, "Write a message."],
  [{ body: ["one", "two"] }, "Write a message."],
  [{ body: "x".repeat(4001) }, "Write at most 4,000 characters."],
  [{ body: "Hello", client_id: "x".repeat(101) }, "This message was not sent. Send it once more."],
  [{ body: "Hello", client_id: ["a", "b"] }, "This message was not sent. Send it once more."],
];

Deno.test("an empty message and one too long come back with what was typed, and nothing is said", async () => {
  await using world = await openWorld();
  const { ref: _, ...chat } = await chatIn(world, "paid");
  const sides: [Visitor, string][] = [
    [await world.signedIn("alice"), chat.client],
    [await world.signedIn("ada"), chat.admin],
  ];

  await assertNothingWritten(world, async () => {
    for (const [visitor, path] of sides) {
      for (const [sent, sentence] of mistakes) {
        for (const htmx of [false, true]) {
          const answer = await visitor.post(`${path}/messages`, sent, { htmx });
          assertEquals([sent, answer.status, answer.text.includes("<html")], [sent, 422, !htmx]);
          assertMatch(answer.text, new RegExp(`role="alert">${sentence}`));
          if (typeof sent.body === "string") {
            assertStringIncludes(answer.text, `>${sent.body.trim() && sent.body}`);
          }
        }
      }
    }
  });
  const [alice] = sides[0] as [Visitor, string];
  const longest = { body: `${"x".repeat(3998)}\r\ny`, client_id: "long" };
  assertEquals((await alice.post(`${chat.client}/messages`, longest)).status, 303);
  const [message] = await messagesIn(world);
  assertEquals([message?.body.length, message?.body.at(-2)], [4000, "\n"]);
});

Deno.test("before it is paid the page says when the chat opens, and no message is taken", async () => {
  await using world = await openWorld();
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];

  for (const status of statuses.filter((status) => !open.includes(status))) {
    const { client, admin } = await chatIn(world, status);
    const over = ["rejected", "cancelled", "expired"].includes(status);
    const words = over
      ? "There is no chat about this booking, because it was not paid."
      : "The chat opens as soon as the booking is paid.";
    for (const [visitor, path] of [[alice, client], [ada, admin]] as const) {
      const { text } = await assertBothSizes(visitor, path);
      assertStringIncludes(text, words);
      assertEquals([status, text.includes('id="body"')], [status, false]);
      const post = () => visitor.post(`${path}/messages`, { body: "Hello", client_id: "a" });
      const answer = await assertNothingWritten(world, post);
      assertEquals([status, answer.status], [status, 409]);
      assertStringIncludes(answer.text, words);
      await assertUnknown(visitor, await visitor.get(`${path}/stream`));
    }
  }
});

Deno.test("a room of somebody else reads like none at all", async () => {
  await using world = await openWorld();
  const { client, admin } = await chatIn(world, "in_progress");
  const [bob, alice, ada] = [
    await world.signedIn("bob"),
    await world.signedIn("alice"),
    await world.signedIn("ada"),
  ];

  await assertNothingWritten(world, async () => {
    for (
      const [visitor, path] of [[bob, client], [ada, "/admin/bookings/CP2026ZZZZZZ/chat"]] as const
    ) {
      await assertUnknown(visitor, await visitor.get(path));
      await assertUnknown(visitor, await visitor.get(`${path}/stream`));
      const sent = { body: "Hello", client_id: "a" };
      await assertUnknown(visitor, await visitor.post(`${path}/messages`, sent));
      await assertUnknown(visitor, await visitor.post(`${path}/messages`, { body: "" }));
    }
    for (
      const [visitor, path] of [[alice, admin], [ada, client], [world.stranger(), client]] as const
    ) {
      for (const at of [path, `${path}/stream`]) assertEquals((await visitor.get(at)).status, 303);
      assertEquals((await visitor.post(`${path}/messages`, { body: "Hello" })).status, 303);
    }
  });
});

Deno.test("what is written is shown as text, line by line", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world, "in_progress");
  const body = `<script>alert(1)</script> & "<b>"\r\n</p></article> 'x'`;
  const clientId = `"><script>alert(2)</script>`;

  await alice.post(`${client}/messages`, { body, client_id: clientId });
  const { text } = await alice.get(client);
  assertStringIncludes(text, `<p class="message-body">${escaped(body.replace("\r", ""))}</p>`);
  assertStringIncludes(text, `data-client-id="${escaped(clientId)}"`);
  assertEquals(text.includes("<script>alert"), false);
});

Deno.test("a long conversation is read page by page", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { ref, client } = await chatIn(world, "in_progress");
  const roomId = (await fileOf(world.db, ref)).room?.id ?? 0;
  const author = { authorKind: "client" as const, authorId: 1, authorName: "Alice" };
  await world.db.insert(chatMessages).values(Array.from({ length: 450 }, (_, n) => ({
    ...{ roomId, ...author, body: `Number ${n}.`, clientId: `n${n}`, createdAt: world.time.now },
  })));

  const numbers: number[] = [];
  for (let path: string | undefined = client; path;) {
    const { text } = await assertBothSizes(alice, path);
    numbers.unshift(...[...text.matchAll(/>Number (\d+)\./g)].map(([, n]) => Number(n)));
    path = text.match(/href="([^"]*\?before=\d+)"/)?.[1];
  }
  assertEquals(numbers, Array.from({ length: 450 }, (_, n) => n));
  for (const odd of ["before=x", "before=-1", "before=1e9", "before=0"]) {
    assertStringIncludes((await alice.get(`${client}?${odd}`)).text, "Number 449.");
  }
});
