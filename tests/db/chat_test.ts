import { assertEquals } from "@std/assert";
import { asc, eq } from "drizzle-orm";
import { findConversationFor, PAGE } from "../../db/chat_finders.ts";
import { memberOf, type Message, postMessage, type Room, TALK_ON } from "../../db/chat.ts";
import { deleteMessage, EDIT_WITHIN, editMessage } from "../../db/chat_edits.ts";
import { readCursor, readFeed, readMissed } from "../../db/chat_feed.ts";
import { recordRead } from "../../db/chat_reads.ts";
import { listUnread } from "../../db/chat_unread.ts";
import type { Db } from "../../db/client.ts";
import { auditLog, chatChanges, chatMessages, chatRooms } from "../../db/schema.ts";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Actor } from "../../db/booking_moves.ts";
import { bookingIn, type Cast, castIn, dump, fileOf, NOW, openCast } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";

type Said = { by: Actor; body: string; clientId?: string };

const say = ({ db }: Cast, { booking, room }: BookingFile, said: Said) => {
  const { by: actor, body, clientId = crypto.randomUUID() } = said;
  if (!room) throw new Error("this booking has no room");
  return postMessage(db, { room, booking }, { actor, body, clientId, now: NOW });
};
const listMessages = (db: Db, room: Room | null) =>
  db.select().from(chatMessages).where(eq(chatMessages.roomId, room?.id ?? 0))
    .orderBy(asc(chatMessages.id));
const again = (cast: Cast, { booking }: BookingFile) => fileOf(cast.db, booking.reference);

for (const who of ["alice", "ada"] as const) {
  eachDatabase(`postMessage() by ${who} as the first starts the work`, async (db) => {
    const cast = await castIn(db);
    const paid = await bookingIn(cast, "paid");
    await say(cast, paid, { by: cast[who], body: "Hello." });

    const { booking, events, messages } = await again(cast, paid);
    assertEquals([booking.status, messages], ["in_progress", 1]);
    assertEquals([events.at(-1)?.move, events.at(-1)?.actorName], ["start", cast[who].name]);
    await say(cast, await again(cast, paid), { by: cast.ada, body: "Hello." });
    assertEquals((await again(cast, paid)).booking.version, booking.version);
  });
}

eachDatabase("postMessage() keeps a message once, however often it is sent", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "in_progress");
  const once = { by: cast.alice, body: "Once.", clientId: "one form" };
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => say(cast, file, once)));
  answers.push(await say(cast, file, { ...once, body: "Twice." }));

  const messages = await listMessages(db, file.room);
  assertEquals(messages.map(({ body }) => body), ["Once."]);
  assertEquals(answers.map(({ id }) => id), answers.map(() => messages[0]?.id));
  assertEquals(answers.filter(({ isNew }) => isNew).length, 1);
  const other = await bookingIn(cast, "in_progress");
  await say(cast, other, once);
  assertEquals((await listMessages(db, other.room)).length, 1);
});

eachDatabase(
  "of two first messages at once one starts the work, and the other is told to look again",
  async (db) => {
    const cast = await castIn(db);
    const paid = await bookingIn(cast, "paid");
    const both = [cast.alice, cast.ada].map((by) => say(cast, paid, { by, body: "First." }));
    assertEquals(await winnersOf(both), 1);
    const { booking, messages } = await again(cast, paid);
    assertEquals([booking.status, booking.version, messages], ["in_progress", 5, 1]);
  },
);

Deno.test("postMessage() is taken after completion, which stays completed", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "completed");
  await say(cast, file, { by: cast.alice, body: "Thank you." });
  const { booking, messages } = await again(cast, file);
  assertEquals([booking.status, booking.version, messages], ["completed", file.booking.version, 1]);
});

Deno.test("postMessage() is refused while a booking is not paid", async () => {
  await using cast = await openCast();
  const { room } = await bookingIn(cast, "paid");
  for (const status of ["pending", "approved", "payment_pending", "cancelled"] as const) {
    const file = { ...await bookingIn(cast, status), room };
    const before = await dump(cast.db);
    await assertProblem(say(cast, file, { by: cast.alice, body: "Hello?" }), "conflict");
    assertEquals(await dump(cast.db), before);
  }
});

Deno.test("what happened is read in order: of all rooms after a place, and of one room", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const begin = await readCursor(db);
  assertEquals(begin, { message: 0, at: null, change: 0 });
  const [one, two] = [await bookingIn(cast, "in_progress"), await bookingIn(cast, "in_progress")];
  for (const body of ["a", "b", "c"]) {
    await say(cast, one, { by: cast.alice, body });
    await say(cast, two, { by: cast.ada, body: body.toUpperCase() });
  }
  const bodies = ({ messages }: { messages: Message[] }) =>
    messages.map(({ body }) => body).join("");
  assertEquals(bodies(await readFeed(db, begin, 9)), "aAbBcC");
  assertEquals(bodies(await readFeed(db, begin, 2)), "aA");
  const end = await readCursor(db);
  assertEquals(bodies(await readFeed(db, end, 9)), "");
  assertEquals((await readFeed(db, { ...end, at: NOW + 1 }, 9)).intact, false);
  const missed = ({ message, at }: { message: number; at?: number }, limit = 9) => {
    const epoch = at === undefined ? undefined : { message, at };
    return readMissed(db, one.room?.id ?? 0, { message, epoch, limit });
  };
  const [first] = (await missed({ message: 0 })).messages;
  const rest = await missed({ message: first?.id ?? 0, at: NOW });
  assertEquals([bodies(rest), rest.intact, rest.behind], ["bc", true, false]);
  assertEquals((await missed({ message: 0 }, 2)).behind, true);
  assertEquals((await missed({ message: end.message + 1 })).intact, false);
  assertEquals((await missed({ message: first?.id ?? 0, at: NOW + 1 })).intact, false);
});

eachDatabase(
  "a message is changed by its author within five minutes, and every change is told once",
  async (db) => {
    const cast = await castIn(db);
    const file = await bookingIn(cast, "in_progress");
    const { booking, room } = file as BookingFile & { room: Room };
    await say(cast, file, { by: cast.alice, body: "Wrong." });
    const at = async () => ({
      booking,
      room,
      message: (await listMessages(db, room))[0] as Message,
    });
    const edit = async (body: string, later = 0) =>
      await editMessage(db, await at(), { actor: cast.alice, now: NOW + later, body });

    await edit("Right.", EDIT_WITHIN);
    await edit("Right.", EDIT_WITHIN);
    const stale = await at();
    await assertProblem(edit("Too late.", EDIT_WITHIN + 1), "conflict");
    assertEquals([stale.message.body, stale.message.editedAt], ["Right.", NOW + EDIT_WITHIN]);
    const remove = async () =>
      await deleteMessage(db, await at(), { actor: cast.alice, now: NOW + 1 });
    await Promise.all([remove(), remove()].map((work) => work.catch(() => {})));
    await remove();
    const late = editMessage(db, stale, { actor: cast.alice, now: NOW, body: "After all." });
    await assertProblem(late, "conflict");

    const { message: { body, deletedAt, id } } = await at();
    assertEquals([body, deletedAt], ["", NOW + 1]);
    const changes = await db.select().from(chatChanges);
    assertEquals(changes.map(({ messageId }) => messageId), [id]);
    const before = (await db.select().from(auditLog)).filter(({ action }) =>
      action.startsWith("chat.")
    )
      .map(({ action, subject, before }) => [action, subject, before?.text]);
    assertEquals(before, [
      ["chat.edited", booking.reference, "Wrong."],
      ["chat.deleted", booking.reference, "Right."],
    ]);
  },
);

eachDatabase(
  "what somebody has read only rises, is of that room alone, and leaves the rest unread",
  async (db) => {
    const cast = await castIn(db);
    const [one, two] = [await bookingIn(cast, "in_progress"), await bookingIn(cast, "in_progress")];
    for (const body of ["a", "b", "c"]) {
      for (const file of [one, two]) await say(cast, file, { by: cast.ada, body });
    }
    const ids = (await listMessages(db, one.room)).map(({ id }) => id);
    const [, foreign = 0] = (await listMessages(db, two.room)).map(({ id }) => id);
    const viewer = { kind: "client", id: cast.alice.id as number } as const;
    const place = { room: one.room as Room, member: memberOf(cast.alice) };
    const unread = async () =>
      (await listUnread(db, viewer)).map(({ bookingId, messages }) => [bookingId, messages]);
    const rest = [two.booking.id, 3];

    assertEquals(await unread(), [rest, [one.booking.id, 3]]);
    const read = (messageId = 0) => recordRead(db, place, { messageId, now: NOW });
    await Promise.all([read(ids[1]), read(ids[0]), read(ids[1])]);
    await read(foreign);
    await read(999_999);
    assertEquals(await unread(), [rest, [one.booking.id, 1]]);
    const { firstUnread } = await findConversationFor(db, viewer, {
      reference: one.booking.reference,
    });
    assertEquals(firstUnread, ids[2]);
    await read(ids[2]);
    assertEquals(await unread(), [rest]);

    const staff = { kind: "admin", id: cast.ada.id as number } as const;
    assertEquals(await listUnread(db, staff), []);
    await say(cast, one, { by: cast.alice, body: "An answer." });
    assertEquals(
      (await listUnread(db, staff)).map(({ reference, messages }) => [reference, messages]),
      [
        [one.booking.reference, 1],
      ],
    );
  },
);

Deno.test("a conversation opens at the first unread, around a message, and goes on both ways without a gap", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await bookingIn(cast, "in_progress");
  const roomId = file.room?.id ?? 0;
  const author = { authorKind: "admin" as const, authorId: 1, authorName: "Ada", createdAt: NOW };
  await db.insert(chatMessages).values(Array.from({ length: 200 }, (_, n) => ({
    ...{ roomId, ...author, body: n < 190 ? "short" : "x".repeat(4000), clientId: `${n}` },
  })));
  const ids = (await listMessages(db, file.room)).map(({ id }) => id);
  const viewer = { kind: "client", id: cast.alice.id as number } as const;
  const find = (part = {}) =>
    findConversationFor(db, viewer, { reference: file.booking.reference, ...part });
  const member = memberOf(cast.alice);
  await recordRead(db, { room: file.room as Room, member }, { messageId: ids[99] ?? 0, now: NOW });

  const opened = await find();
  assertEquals(opened.messages.map(({ id }) => id), ids.slice(90, 100 + PAGE));
  assertEquals([opened.firstUnread, opened.olderThan, opened.newerThan], [
    ids[100],
    ids[90],
    ids[139],
  ]);
  const older = await find({ before: ids[90] });
  assertEquals(older.messages.map(({ id }) => id), ids.slice(50, 90));
  const seen = [...opened.messages];
  for (let from = opened.newerThan; from;) {
    const next = await find({ after: from });
    seen.push(...next.messages);
    from = next.newerThan;
  }
  assertEquals(seen.map(({ id }) => id), ids.slice(90));
  const asked = await find({ around: ids[20] });
  assertEquals(asked.messages.map(({ id }) => id), ids.slice(10, 20 + PAGE));
  const last = await find({ around: ids[199] });
  assertEquals([last.messages.at(-1)?.id, last.newerThan], [ids[199], null]);
});

Deno.test("a room takes messages for 14 days after the work is done, and is read for ever", async () => {
  await using cast = await openCast();
  const { booking, room } = await bookingIn(cast, "completed") as BookingFile & { room: Room };
  const end = (booking.completedAt ?? 0) + TALK_ON;
  const post = (now: number) =>
    postMessage(cast.db, { room, booking }, {
      body: "Late.",
      clientId: `${now}`,
      actor: cast.ada,
      now,
    });
  await post(end);
  await assertProblem(post(end + 1), "conflict");
  const [message] = await listMessages(cast.db, room);
  const by = { actor: cast.ada, now: end + 1 };
  await assertProblem(
    deleteMessage(cast.db, { booking, room, message: message as Message }, by),
    "conflict",
  );
  assertEquals((await cast.db.select().from(chatRooms))[0]?.lastAdminMessage, message?.id);
});

Deno.test("findConversationFor() shows a room to its two sides and to nobody else", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await bookingIn(cast, "in_progress");
  await say(cast, file, { by: cast.alice, body: "Hello." });
  const { reference, accessToken } = file.booking;

  for (const { kind, id } of [cast.alice, cast.ada]) {
    const viewer = { kind: kind as "client" | "admin", id: id as number };
    const { messages, olderThan } = await findConversationFor(db, viewer, { reference });
    assertEquals([messages.length, olderThan], [1, null]);
  }
  const outsider = { kind: "client" as const, id: cast.bob.id as number };
  await assertProblem(findConversationFor(db, outsider, { reference }), "not_found");
  const guest = { kind: "guest" as const, token: `${accessToken}x` };
  await assertProblem(findConversationFor(db, guest, { reference }), "not_found");
});
