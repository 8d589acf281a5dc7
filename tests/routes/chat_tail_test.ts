import { assertEquals } from "@std/assert";
import { lastMessageId, type Message, postMessage } from "../../db/chat.ts";
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
const render = ({ body }: Message, audience: string) => `${audience}: ${body}`;
const always = () => Promise.resolve(true);

/** A tail that looks often, over a file that a second handle writes to. */
async function openStage(): Promise<Stage> {
  const database = await openTestDatabase();
  const elsewhere = await openDb(database.url);
  const tail = new ChatTail(database.db, render, PACE);
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
  return { roomId: room.id, say };
}

const reader = (roomId: number, after = 0) => ({
  roomId,
  after,
  audience: "client" as const,
  member: "client 1",
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
      readers.push(join(n < 20 ? 0 : await lastMessageId(stage.elsewhere)));
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

/** Keeps the second question for the last id waiting until `open`. */
function holdSecondQuestion({ $client: client }: Db, open: Promise<void>) {
  const execute = client.execute.bind(client);
  let asked = 0;
  client.execute = (async (statement: { sql: string; args: [] }) => {
    if (statement.sql.includes("max(") && ++asked === 2) await open;
    return await execute(statement);
  }) as typeof execute;
}

Deno.test("a reader that joins slowly does not make another miss a message", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const gate = Promise.withResolvers<void>();
  holdSecondQuestion(stage.cast.db, gate.promise);
  const first = eventsOf(stage.tail.open(reader(roomId)));
  const second = eventsOf(stage.tail.open(reader(roomId)));
  await say("before");
  assertEquals(bodies(await take(first, 1)), ["before"]);

  await say("between");
  gate.resolve();
  assertEquals(bodies(await take(second, 2)), ["before", "between"]);
  await say(THE_END);
  assertEquals(bodies(await untilTheEnd(first)), ["between", THE_END]);
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

Deno.test("a reader who was away long gets all of it, page after page", async () => {
  await using stage = await openStage();
  const { roomId, say } = await roomIn(stage);
  const author = { authorKind: "admin" as const, authorId: 1, authorName: "Ada", createdAt: NOW };
  const rows = (from: number) =>
    Array.from({ length: 600 }, (_, n) => ({
      ...{ roomId, ...author, body: `number ${from + n}`, clientId: `${from + n}` },
    }));
  await stage.elsewhere.insert(chatMessages).values(rows(0));
  const events = eventsOf(stage.tail.open(reader(roomId)));
  assertEquals(bodies(await take(events, 600)), rows(0).map(({ body }) => body));

  await stage.elsewhere.insert(chatMessages).values(rows(600));
  await say(THE_END);
  const rest = await untilTheEnd(events);
  assertEquals(bodies(rest), [...rows(600).map(({ body }) => body), THE_END]);
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
