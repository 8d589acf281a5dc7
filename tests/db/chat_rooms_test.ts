import { assert, assertEquals } from "@std/assert";
import { eq, sql } from "drizzle-orm";
import { assignBooking } from "../../db/assignments.ts";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Actor } from "../../db/booking_moves.ts";
import { mailAway } from "../../db/chat_away.ts";
import { deleteMessage, editMessage } from "../../db/chat_edits.ts";
import { type Message, postMessage, type Room } from "../../db/chat.ts";
import { listRooms, type RoomFilter } from "../../db/chat_rooms.ts";
import { searchMessages } from "../../db/chat_search.ts";
import { listUnread } from "../../db/chat_unread.ts";
import { needsNoAnswer } from "../../db/chat_waiting.ts";
import { chatMessages, chatRooms } from "../../db/schema.ts";
import {
  bookingIn,
  type Cast,
  castIn,
  hire,
  HOUR,
  manyBookings,
  NOW,
  openCast,
  OWNER,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const AGENT = { name: "Zoe Lind", email: "zoe@connectpro.example", passwordHash: "none" };

async function say(
  { db }: Cast,
  file: BookingFile,
  said: { by: Actor; body: string; now: number },
) {
  const { by: actor, ...text } = said;
  const at = { room: file.room as Room, booking: file.booking };
  await postMessage(db, at, { ...text, actor, clientId: crypto.randomUUID() });
  return (await db.select().from(chatMessages)).at(-1) as Message;
}
const roomOf = async ({ db }: Cast, file: BookingFile) => {
  const [room] = await db.select().from(chatRooms).where(eq(chatRooms.id, file.room?.id ?? 0));
  return room as Room;
};

eachDatabase("a room waits from the first thing on that nobody answered", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "in_progress");
  const by = { actor: cast.alice, now: NOW + 9 };
  const waiting = async () => (await roomOf(cast, file)).waitingSince;
  const gone = async (message: Message) =>
    await deleteMessage(db, { message, room: file.room as Room, booking: file.booking }, by);
  assertEquals(await waiting(), null);
  const first = await say(cast, file, { by: cast.alice, body: "One.", now: NOW + 1 });
  const second = await say(cast, file, { by: cast.alice, body: "Two.", now: NOW + 2 });
  assertEquals(await waiting(), NOW + 1);
  await gone(first);
  assertEquals(await waiting(), NOW + 2);
  await gone(second);
  assertEquals(await waiting(), null);
  const third = await say(cast, file, { by: cast.alice, body: "Three.", now: NOW + 3 });
  await say(cast, file, { by: cast.ada, body: "Yes.", now: NOW + 4 });
  assertEquals(await waiting(), null);
  await gone(third);
  assertEquals(await waiting(), null);
});

Deno.test("listRooms() shows who waits longest first, then what was spoken in last, page by page", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const [old, late, answered, silent] = [
    await bookingIn(cast, "in_progress"),
    await bookingIn(cast, "in_progress"),
    await bookingIn(cast, "in_progress"),
    await bookingIn(cast, "paid"),
  ] as const;
  await say(cast, answered, { by: cast.alice, body: "Hello.", now: NOW });
  await say(cast, late, { by: cast.alice, body: "Late.", now: NOW + 2 * HOUR });
  await say(cast, old, { by: cast.alice, body: `Old.${"x".repeat(500)}`, now: NOW + HOUR });
  await say(cast, answered, { by: cast.ada, body: "Done.", now: NOW + 3 * HOUR });

  const references = async (
    filter: RoomFilter = {},
    viewer = OWNER as { kind: "admin"; id: number },
  ) => (await listRooms(db, viewer, filter)).rooms.map(({ reference }) => reference);
  const order = [old, late, answered, silent].map(({ booking }) => booking.reference);
  assertEquals(await references(), order);
  const { rooms: [top] } = await listRooms(db, OWNER, {});
  assertEquals([top?.last?.body.length, top?.unread, top?.assignee], [160, 1, null]);
  assertEquals(await references({ show: "unread" }), order.slice(0, 2));
  assertEquals(
    await references({ after: { turn: NOW + HOUR, id: top?.room.id ?? 0 } }),
    order.slice(1),
  );

  const zoe = { kind: "admin" as const, id: await hire(db, { ...AGENT, role: "agent" }) };
  assertEquals(await references({}, zoe), []);
  await assignBooking(db, late.booking, { adminId: zoe.id, actor: cast.ada, now: NOW });
  for (const show of ["unread", "mine", undefined] as const) {
    assertEquals(await references({ show }, zoe), [late.booking.reference]);
  }
  assertEquals(await references({ show: "unread" }), [old.booking.reference]);
  assertEquals((await listRooms(db, OWNER, {})).rooms[1]?.assignee, AGENT.name);
  const client = { kind: "client" as const, id: cast.alice.id as number };
  await assertProblem(listRooms(db, client, {}), "not_found");

  await manyBookings(cast, 40);
  await db.run(sql`insert into chat_rooms (booking_id, created_at)
    select id, ${NOW} from service_bookings where id not in (select booking_id from chat_rooms)`);
  const page = await listRooms(db, OWNER, {});
  const rest = await listRooms(db, OWNER, { after: page.next ?? undefined });
  const ids = [...page.rooms, ...rest.rooms].map(({ room }) => room.id);
  assertEquals([page.rooms.length, new Set(ids).size, rest.next], [40, 44, null]);
});

Deno.test("needsNoAnswer() takes a room out of what waits, for everybody, until they write again", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await bookingIn(cast, "in_progress");
  const thanks = await say(cast, file, { by: cast.alice, body: "Thanks.", now: NOW });
  const at = async () => ({ room: await roomOf(cast, file), booking: file.booking });
  const by = { actor: cast.ada, now: NOW + HOUR };
  assertEquals((await listUnread(db, OWNER)).length, 1);

  await assertProblem(needsNoAnswer(db, await at(), { upTo: thanks.id - 1, ...by }), "conflict");
  const before = await at();
  const marks = [1, 2].map(() => needsNoAnswer(db, before, { upTo: thanks.id, ...by }));
  await Promise.all([...marks, needsNoAnswer(db, await at(), { upTo: thanks.id, ...by })]);
  assertEquals((await roomOf(cast, file)).waitingSince, null);
  assertEquals([await listUnread(db, OWNER), await mailAway(db, NOW + HOUR)], [[], 0]);
  const { rows } = await db.$client.execute(
    "select subject from audit_log where action = 'chat.needs_no_answer'",
  );
  assertEquals(rows.map(({ subject }) => subject), [file.booking.reference]);

  const more = await say(cast, file, { by: cast.alice, body: "Or not.", now: NOW + 2 * HOUR });
  await assertProblem(needsNoAnswer(db, await at(), { upTo: thanks.id, ...by }), "conflict");
  assertEquals((await roomOf(cast, file)).waitingSince, NOW + 2 * HOUR);
  assertEquals((await listUnread(db, OWNER))[0]?.messages, 2);
  await needsNoAnswer(db, before, { upTo: thanks.id, ...by });
  assertEquals((await roomOf(cast, file)).lastClientMessage, more.id);
  assertEquals(
    (await roomOf(cast, file)).waitingSince,
    NOW + 2 * HOUR,
    "what nobody saw still waits",
  );
});

const odd = [
  ...['"', "'", "*", "(", "body:logo", "logo OR nothing", "NEAR(logo, 2)", "^logo", "-logo"],
  ...["{room_id}:1", "\0", 'logo" OR "x', "🎉", "%", "_", "logo*", "\\", ""],
];

eachDatabase(
  "searchMessages() finds words in the rooms its viewer sees, whatever is typed",
  async (db) => {
    const cast = await castIn(db);
    const [hers, other] = [
      await bookingIn(cast, "in_progress"),
      await bookingIn(cast, "in_progress"),
    ];
    const logo = await say(cast, hers, {
      by: cast.alice,
      body: "The <b>Lögo</b> 12 is \u0002here\u0003.",
      now: NOW,
    });
    const twin = await say(cast, other, {
      by: cast.ada,
      body: "A logo for the twelve fairs.",
      now: NOW,
    });
    const find = async (
      q: string,
      viewer = OWNER as { kind: "admin"; id: number },
      before?: number,
    ) => (await searchMessages(db, viewer, { q, before })).found.map(({ id }) => id);

    assertEquals(await find("LOGO"), [twin.id, logo.id]);
    assertEquals(await find("logo", OWNER, twin.id), [logo.id]);
    assertEquals(await find("log"), [twin.id, logo.id]);
    assertEquals(await find("log fairs"), []);
    assertEquals(await find("fairs log"), [twin.id]);
    assertEquals(await find("12"), [logo.id]);
    assertEquals(await find(String(other.room?.id)), [], "the number of a room is no word of it");
    const { found: [message] } = await searchMessages(db, OWNER, { q: "lögo" });
    assertEquals(message?.pieces.filter(({ found }) => found), [{ text: "logo", found: true }]);
    assertEquals(message?.reference, other.booking.reference);
    for (const q of odd) assert(Array.isArray(await find(q)), q);

    const zoe = { kind: "admin" as const, id: await hire(db, { ...AGENT, role: "agent" }) };
    assertEquals(await find("logo", zoe), []);
    await assignBooking(db, hers.booking, { adminId: zoe.id, actor: cast.ada, now: NOW });
    assertEquals(await find("logo", zoe), [logo.id]);
    assertEquals(await find("fairs) OR (logo", zoe), []);
    const client = { kind: "client" as const, id: cast.alice.id as number };
    await assertProblem(searchMessages(db, client, { q: "logo" }), "not_found");

    const at = { message: logo, room: hers.room as Room, booking: hers.booking };
    const edited = await editMessage(db, at, {
      actor: cast.alice,
      now: NOW + 1,
      body: "A drawing.",
    });
    assertEquals([await find("logo"), await find("drawing")], [[twin.id], [logo.id]]);
    await deleteMessage(db, { ...at, message: edited }, { actor: cast.alice, now: NOW + 2 });
    assertEquals(await find("drawing"), []);
    await db.$client.execute(
      "insert into chat_search (chat_search, rank) values ('integrity-check', 1)",
    );
  },
);
