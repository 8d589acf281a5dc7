import { assertEquals } from "@std/assert";
import { findConversationFor } from "../../db/chat_finders.ts";
import {
  lastMessageId,
  listAllMessagesAfter,
  listMessages,
  listMessagesAfter,
  postMessage,
} from "../../db/chat.ts";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Actor } from "../../db/booking_moves.ts";
import { bookingIn, type Cast, castIn, dump, fileOf, NOW } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";

type Said = { by: Actor; body: string; clientId?: string };

const say = ({ db }: Cast, { booking, room }: BookingFile, said: Said) => {
  const { by: actor, body, clientId = crypto.randomUUID() } = said;
  if (!room) throw new Error("this booking has no room");
  return postMessage(db, { room, booking }, { actor, body, clientId, now: NOW });
};
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
  await Promise.all([1, 2, 3, 4, 5].map(() => say(cast, file, once)));
  await say(cast, file, { ...once, body: "Twice." });

  const messages = await listMessages(db, file.booking.id);
  assertEquals(messages.map(({ body }) => body), ["Once."]);
  const other = await bookingIn(cast, "in_progress");
  await say(cast, other, once);
  assertEquals((await listMessages(db, other.booking.id)).length, 1);
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
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const file = await bookingIn(cast, "completed");
  await say(cast, file, { by: cast.alice, body: "Thank you." });
  const { booking, messages } = await again(cast, file);
  assertEquals([booking.status, booking.version, messages], ["completed", file.booking.version, 1]);
});

Deno.test("postMessage() is refused while a booking is not paid", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { room } = await bookingIn(cast, "paid");
  for (const status of ["pending", "approved", "payment_pending", "cancelled"] as const) {
    const file = { ...await bookingIn(cast, status), room };
    const before = await dump(cast.db);
    await assertProblem(say(cast, file, { by: cast.alice, body: "Hello?" }), "conflict");
    assertEquals(await dump(cast.db), before);
  }
});

Deno.test("messages are listed in order: newest page, after an id, and of all rooms", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { db } = cast;
  assertEquals(await lastMessageId(db), 0);
  const [one, two] = [await bookingIn(cast, "in_progress"), await bookingIn(cast, "in_progress")];
  for (const body of ["a", "b", "c"]) {
    await say(cast, one, { by: cast.alice, body });
    await say(cast, two, { by: cast.ada, body: body.toUpperCase() });
  }
  const bodies = (messages: { body: string }[]) => messages.map(({ body }) => body).join("");
  const ofOne = await listMessages(db, one.booking.id);
  assertEquals(bodies(ofOne), "abc");
  assertEquals(bodies(await listMessages(db, one.booking.id, 2)), "bc");
  const missed = { after: ofOne[0]?.id ?? 0, limit: 9 };
  assertEquals(bodies(await listMessagesAfter(db, one.room?.id ?? 0, missed)), "bc");
  assertEquals(bodies(await listAllMessagesAfter(db, 0, 9)), "aAbBcC");
  assertEquals(bodies(await listAllMessagesAfter(db, 0, 2)), "aA");
  assertEquals(bodies(await listAllMessagesAfter(db, await lastMessageId(db), 9)), "");
  assertEquals(ofOne[0]?.authorKind, "client");
});

Deno.test("findConversationFor() shows a room to its two sides and to nobody else", async () => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
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
