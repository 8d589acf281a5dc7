import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { memberOf, type Message, postMessage } from "../../db/chat.ts";
import { editMessage } from "../../db/chat_edits.ts";
import { readCursor, type Stop } from "../../db/chat_feed.ts";
import { recordTyping } from "../../db/chat_presence.ts";
import { type Db, openDb } from "../../db/client.ts";
import { chatMessages } from "../../db/schema.ts";
import { ChatTail } from "../../routes/chat_tail.ts";
import { bookingIn, type Cast, castIn, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { eventsOf, type StreamEvent, take } from "../event_reader.ts";

type Stage = AsyncDisposable & {
  cast: Cast;
  tail: ChatTail;
  /** What another process would write with. */
  elsewhere: Db;
};

const PACE = { tick: 5, heartbeat: 5 };
const render: ChatTail["render"] = {
  message: ({ body }: Message, audience) => `${audience}: ${body}`,
  state: ({ typing }) => typing.map(({ name }) => name).join(),
};
const always = () => Promise.resolve(true);

/** A tail that looks often, over a file that a second handle writes to. */
async function openStage(): Promise<Stage> {
  const database = await openTestDatabase();
  const elsewhere = await openDb(database.url);
  const tail = new ChatTail(database.db, render, () => NOW, PACE);
  return {
    ...{ cast: await castIn(database.db), tail, elsewhere },
    async [Symbol.asyncDispose]() {
      await tail.close();
      elsewhere.$client.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function roomIn({ cast, elsewhere }: Stage) {
  const { booking, room } = await bookingIn(cast, "in_progress");
  if (!room) throw new Error("a booking in progress has a room");
  const say = (body: string) =>
    postMessage(elsewhere, { room, booking }, { body, clientId: body, actor: cast.ada, now: NOW });
  return { room, booking, roomId: room.id, say };
}

const reader = (roomId: number, after = 0) => ({
  id: crypto.randomUUID(),
  roomId,
  from: { message: after },
  audience: "client" as const,
  mayListen: always,
});
const THE_END = "the end";
const bodies = (events: { data: string }[]) => events.map(({ data }) => data.split(": ")[1]);

/** All that still comes, up to the message that is posted last: a gap shows, and nobody waits for what is lost. */
async function untilTheEnd(events: AsyncGenerator<StreamEvent>): Promise<StreamEvent[]> {
  const seen: StreamEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    if (event.data.endsWith(THE_END)) break;
  }
  return seen;
}

Deno.test("messages that another process stored arrive, each side in its own words", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const client = eventsOf(stage.tail.open(reader(roomId)));
  const admin = eventsOf(stage.tail.open({ ...reader(roomId), audience: "admin" }));

  await say("one");
  await say("two");
  assertEquals((await take(client, 2)).map(({ data }) => data), ["client: one", "client: two"]);
  assertEquals((await take(admin, 2)).map(({ data }) => data), ["admin: one", "admin: two"]);
  assertEquals(stage.tail.size, 2);
  await client.return(null);
  await admin.return(null);
  assertEquals(stage.tail.size, 0);
});

Deno.test("readers that join in the middle of a burst miss nothing and see nothing twice", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const other = await roomIn(stage);
  const readers: Promise<string[]>[] = [];
  const join = async (after: number) => {
    const events = await untilTheEnd(eventsOf(stage.tail.open(reader(roomId, after))));
    return [String(after), ...events.map(({ id }) => id)];
  };

  await Promise.all([0, 1, 2, 3, 4].map(async (writer) => {
    for (let n = 0; n < 40; n++) {
      await say(`${writer} says ${n}`);
      if (n % 3 === 0) await other.say(`elsewhere ${writer} says ${n}`);
      // Ten readers at ten points of the burst; half of them know what is there already.
      if (n % 20 !== writer * 4) continue;
      readers.push(join(n < 20 ? 0 : (await readCursor(stage.elsewhere)).message));
      stage.tail.look();
    }
  }));
  await say(THE_END);
  const stored = (await stage.elsewhere.select().from(chatMessages))
    .filter((message) => message.roomId === roomId).map(({ id }) => id);
  assertEquals([stored.length, readers.length], [201, 10]);
  for (const [after, ...ids] of await Promise.all(readers)) {
    assertEquals(ids.map(Number), stored.filter((id) => id > Number(after)));
  }
});

/** Keeps the second reader's first question waiting until `open`. */
function holdSecondReader({ $client: client }: Db, open: Promise<void>) {
  const batch = client.batch.bind(client);
  let asked = 0;
  client.batch = (async (statements: { sql: string }[], mode: "deferred") => {
    if (statements.length === 4 && ++asked === 2) await open;
    return await batch(statements, mode);
  }) as typeof batch;
  return () => asked;
}

Deno.test("a reader that joins slowly does not make another miss a message, nor misses one", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const gate = Promise.withResolvers<void>();
  const asked = holdSecondReader(stage.cast.db, gate.promise);
  const first = eventsOf(stage.tail.open(reader(roomId)));
  await say("before");
  assertEquals(bodies(await take(first, 1)), ["before"]);
  const second = eventsOf(stage.tail.open(reader(roomId)));

  await say("between");
  assertEquals(bodies(await take(first, 1)), ["between"]);
  assertEquals(asked(), 2);
  gate.resolve();
  assertEquals(bodies(await take(second, 2)), ["before", "between"]);
  await say(THE_END);
  assertEquals(bodies(await untilTheEnd(first)), [THE_END]);
  assertEquals(bodies(await untilTheEnd(second)), [THE_END]);
});

Deno.test("a reader whose access is lost is let go, the others stay", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  let allowed = true;
  const watched = { ...reader(roomId), mayListen: () => Promise.resolve(allowed) };
  const left = eventsOf(stage.tail.open(watched));
  const stays = eventsOf(stage.tail.open(reader(roomId)));

  await say("one");
  assertEquals(bodies(await take(left, 1)), ["one"]);
  allowed = false;
  assertEquals(await take(left, 1), []);
  await say("two");
  assertEquals(bodies(await take(stays, 2)), ["one", "two"]);
  assertEquals(stage.tail.size, 1);
  await stays.return(null);
});

const author = { authorKind: "admin" as const, authorId: 1, authorName: "Ada", createdAt: NOW };
const rows = (roomId: number, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ roomId, ...author, body: `number ${from + n}`, clientId: `${from + n}` },
  }));

Deno.test("a page that was away gets 500 messages; one that missed more is read again", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const missed = rows(roomId, 0, 500);
  await stage.elsewhere.insert(chatMessages).values(missed);
  const page = { ...reader(roomId), from: { message: 0, change: 0 } };
  const events = eventsOf(stage.tail.open(page));
  assertEquals(bodies(await take(events, 500)), missed.map(({ body }) => body));
  assertEquals((await take(events, 1))[0]?.event, "chat:state");

  const burst = rows(roomId, 500, 600);
  await stage.elsewhere.insert(chatMessages).values(burst);
  await say(THE_END);
  assertEquals(bodies(await untilTheEnd(events)), [...burst.map(({ body }) => body), THE_END]);
  const [reset, ...rest] = await take(eventsOf(stage.tail.open(page)), 9);
  assertEquals([reset?.event, rest], ["chat:reset", []]);
});

Deno.test("who follows the messages alone gets all they missed, as fast as they read", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const missed = rows(roomId, 0, 1600).map((row) => ({ ...row, body: row.body.padEnd(2500) }));
  for (const from of [0, 800]) {
    await stage.elsewhere.insert(chatMessages).values(missed.slice(from, from + 800));
  }
  const [stalled, read] = [reader(roomId), reader(roomId)].map((of) => stage.tail.open(of));
  const all = untilTheEnd(eventsOf(read as ReadableStream<Uint8Array>));
  for (const body of ["meanwhile", THE_END]) await say(body);

  const expected = [...missed.map(({ body }) => body), "meanwhile", THE_END];
  assertEquals(bodies(await all), expected);
  assertEquals(stage.tail.size, 1, "nobody is let go who has not begun to read");
  assertEquals(
    bodies(await untilTheEnd(eventsOf(stalled as ReadableStream<Uint8Array>))),
    expected,
  );
});

Deno.test("a reader too slow to read is let go with what waits for it bounded, and comes back to where it was", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const stalled = stage.tail.open(reader(roomId)).getReader();
  const quick = eventsOf(stage.tail.open(reader(roomId)));
  await say("first");
  assertEquals(bodies(await take(quick, 1)), ["first"]);
  const body = "x".repeat(4000);
  const long = rows(roomId, 0, 400).map((row) => ({ ...row, body }));
  for (const at of [0, 1]) {
    await stage.elsewhere.insert(chatMessages)
      .values(long.map((row) => ({ ...row, clientId: `${at} ${row.clientId}` })));
    await take(quick, 400);
  }
  assertEquals(stage.tail.size, 1);
  let ended = false;
  while (!ended) ended = await stalled.read().then(({ done }) => done, () => true);
  await say(THE_END);
  assertEquals(bodies(await untilTheEnd(quick)), [THE_END]);
});

Deno.test("records restored from a backup are noticed: under an open stream and on coming back", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  await say("kept");
  await say("lost");
  const events = eventsOf(stage.tail.open(reader(roomId)));
  const [, lost] = await take(events, 2);
  await stage.elsewhere.delete(chatMessages).where(eq(chatMessages.body, "lost"));
  const id = Number(lost?.id);
  const instead = { ...rows(roomId, 0, 1)[0] as typeof chatMessages.$inferInsert, id };
  await stage.elsewhere.insert(chatMessages).values({ ...instead, createdAt: NOW + 1 });

  assertEquals((await take(events, 9)).map(({ event }) => event), ["chat:reset"]);
  const backTo = (at: number) => {
    const from = { message: id, epoch: { message: id, at } };
    return eventsOf(stage.tail.open({ ...reader(roomId), from }));
  };
  assertEquals((await take(backTo(NOW), 9)).map(({ event }) => event), ["chat:reset"]);
  const intact = backTo(NOW + 1);
  await say(THE_END);
  assertEquals(bodies(await untilTheEnd(intact)), [THE_END]);
});

Deno.test("over an older database, restored and used since, nobody goes on from what was lost", async () => {
  await using stage = await openStage();
  const { room, roomId, booking, say } = await roomIn(stage);
  const other = await roomIn(stage);
  await say("kept");
  const folder = await Deno.makeTempDir();
  const backup = `${folder}/backup.db`;
  await stage.elsewhere.$client.execute(`vacuum into '${backup}'`);
  for (const body of ["lost", "lost too", "lost as well"]) await say(body);
  const heard = await take(eventsOf(stage.tail.open(reader(roomId))), 4);
  const [kept = 0, lost = 0, lostToo = 0, ahead = 0] = heard.map(({ id }) => Number(id));

  const restored = await openDb(`file:${backup}`);
  const post = (place: Parameters<typeof postMessage>[1], body: string) =>
    postMessage(restored, place, { body, clientId: body, actor: stage.cast.ada, now: NOW + 1 });
  await post({ room, booking }, "instead");
  await post({ room: other.room, booking: other.booking }, "elsewhere");
  const tail = new ChatTail(restored, render, () => NOW, PACE);
  const back = async (from: Stop, count = 9) =>
    (await take(eventsOf(tail.open({ ...reader(roomId), from })), count))
      .map(({ event, data }) => event === "message" ? data : event);
  const before = { message: kept, at: NOW };
  const ways: [string, Stop][] = [
    ["the id is ahead of all", { message: ahead, heard: true }],
    ["the id is another message now", { message: lost, epoch: { message: lost, at: NOW } }],
    ["the id is in another room now", { message: lostToo, heard: true }],
    ["the page began with what was lost", {
      ...{ message: lost, heard: true, epoch: { message: lost, at: NOW } },
    }],
  ];
  for (const [why, from] of ways) assertEquals([why, await back(from)], [why, ["chat:reset"]]);
  for (const heard of [true, false]) {
    assertEquals(await back({ message: kept, heard, epoch: before }, 1), ["client: instead"]);
  }
  assertEquals(await back({ message: 0, heard: true }, 2), ["client: kept", "client: instead"]);
  await tail.close();
  restored.$client.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a change reaches every reader, who is here those who ask for it, also who was away", async () => {
  await using stage = await openStage();
  const { room, roomId, booking, say } = await roomIn(stage);
  await say("as it was");
  const before = await readCursor(stage.elsewhere);
  const asks = { ...reader(roomId), from: { message: before.message, change: before.change } };
  const [plain, asking] = [reader(roomId, before.message), asks].map((of) =>
    eventsOf(stage.tail.open(of))
  ) as [ReturnType<typeof eventsOf>, ReturnType<typeof eventsOf>];
  assertEquals((await take(asking, 1))[0]?.event, "chat:state");

  const [message] = await stage.elsewhere.select().from(chatMessages);
  const at = { room, booking, message: message as Message };
  await editMessage(stage.elsewhere, at, { actor: stage.cast.ada, now: NOW, body: "as it is" });
  const member = memberOf(stage.cast.ada);
  await recordTyping(stage.elsewhere, { room, member }, NOW);
  const told = await take(asking, 2);
  assertEquals(told.map(({ event, data }) => [event, data]), [
    ["chat:change", "client: as it is"],
    ["chat:state", member.name],
  ]);
  await say(THE_END);
  const heard = await untilTheEnd(plain);
  assertEquals(heard.map(({ event }) => event), ["chat:change", "message"]);
  assertEquals(bodies(heard), ["as it is", THE_END]);
  const late = await take(eventsOf(stage.tail.open(asks)), 3);
  assertEquals(late.map(({ event }) => event), ["message", "chat:change", "chat:state"]);
});

Deno.test("a stream says first how soon to come back, and then that it is alive", async () => {
  await using stage = await openStage();
  const { roomId } = await roomIn(stage);
  const chunks = stage.tail.open(reader(roomId)).getReader();
  const next = async () => new TextDecoder().decode((await chunks.read()).value);
  assertEquals([await next(), await next()], ["retry: 1000\n\n", ":\n\n"]);
  await chunks.cancel();
});

Deno.test("closing the tail ends every stream", async () => {
  await using stage = await openStage();
  const { roomId } = await roomIn(stage);
  const streams = [1, 2, 3].map(() => eventsOf(stage.tail.open(reader(roomId))));
  const ends = streams.map((events) => take(events, 1));

  await stage.tail.close();
  assertEquals(await Promise.all(ends), [[], [], []]);
  assertEquals(stage.tail.size, 0);
});
