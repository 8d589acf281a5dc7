import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import type { Actor } from "../../db/booking_moves.ts";
import { memberOf, postMessage, type Room } from "../../db/chat.ts";
import { mailAway } from "../../db/chat_away.ts";
import { deleteMessage } from "../../db/chat_edits.ts";
import { recordRead } from "../../db/chat_reads.ts";
import { openStream } from "../../db/chat_streams.ts";
import type { Db } from "../../db/client.ts";
import { admins, chatMessages, emailNotifications, serviceBookings } from "../../db/schema.ts";
import { alice, bookingIn, castIn, DAY, fileOf, hire, NOW } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { openWorld } from "../world.ts";

const MINUTE = 60_000;

const mailsOf = async (db: Db) => {
  const rows = await db.select().from(emailNotifications)
    .where(eq(emailNotifications.template, "chat_unread"));
  return rows.map(({ recipientEmail, params }) => [recipientEmail, params.note]);
};

async function stageIn(db: Db) {
  const cast = await castIn(db);
  const { booking, room } = await bookingIn(cast, "in_progress");
  const place = { booking, room: room as Room };
  const say = async (actor: Actor, body: string, minute: number) => {
    const clientId = crypto.randomUUID();
    await postMessage(db, place, { actor, body, clientId, now: NOW + minute * MINUTE });
    const [message] = await db.select().from(chatMessages)
      .where(eq(chatMessages.clientId, clientId));
    return message ?? (() => {
      throw new Error("the message was not stored");
    })();
  };
  const run = (minute: number) => mailAway(db, NOW + minute * MINUTE);
  return { cast, place, say, run };
}

eachDatabase(
  "mailAway() writes to the client once for each burst, and not before ten minutes",
  async (db) => {
    const { cast, place, say, run } = await stageIn(db);
    await say(cast.ada, "The first draft.", 0);
    assertEquals(await run(9.9), 0);
    const last = await say(cast.ada, "x".repeat(600), 9);
    assertEquals((await Promise.all([run(10), run(10), run(10)])).toSorted(), [0, 0, 1]);
    await say(cast.ada, "One more.", 11);
    assertEquals([await run(12), await run(40), await run(1000)], [0, 0, 0]);
    assertEquals(await mailsOf(db), [[alice.email, `${"x".repeat(499)}…`]]);

    const member = memberOf(cast.alice);
    await recordRead(db, { room: place.room, member }, { messageId: last.id, now: NOW });
    assertEquals(
      [await run(30), await run(31)],
      [1, 0],
      "what came after they read is a new burst",
    );
    assertEquals((await mailsOf(db))[1], [alice.email, "One more."]);
  },
);

eachDatabase(
  "mailAway() leaves alone who has read, who is there, and what was deleted or is old",
  async (db) => {
    const { cast, place, say, run } = await stageIn(db);
    const member = memberOf(cast.alice);
    const read = await say(cast.ada, "Read.", 0);
    await recordRead(db, { room: place.room, member }, { messageId: read.id, now: NOW });
    const gone = await say(cast.ada, "Deleted.", 1);
    await deleteMessage(db, { ...place, message: gone }, { actor: cast.ada, now: NOW + MINUTE });
    assertEquals(await run(20), 0);

    await say(cast.ada, "Still here?", 20);
    await openStream(db, { room: place.room, member }, NOW + 30 * MINUTE);
    assertEquals(await run(30.5), 0, "a stream is open");
    assertEquals(await mailAway(db, NOW + 2 * DAY), 0, "too old by now");
    assertEquals(await run(31), 1);
    assertEquals(await mailsOf(db), [[alice.email, "Still here?"]]);
  },
);

eachDatabase(
  "mailAway() writes to whose task it is, else to all who see it, until one answers",
  async (db) => {
    const { cast, place, say, run } = await stageIn(db);
    const hired = (name: string, role: "agent" | "manager") =>
      hire(db, { name, email: `${name}@connectpro.example`, role, passwordHash: "none" });
    const [agent] = [await hired("agent", "agent"), await hired("boss", "manager")];
    const assign = (assignedTo: number | null) =>
      db.update(serviceBookings).set({ assignedTo }).where(
        eq(serviceBookings.id, place.booking.id),
      );
    const newMails = async (work: () => Promise<unknown>) => {
      const before = (await mailsOf(db)).length;
      await work();
      return (await mailsOf(db)).slice(before).map(([to]) => to).toSorted();
    };

    await say(cast.alice, "Where is it?", 0);
    await assign(agent);
    assertEquals(await newMails(() => run(10)), ["agent@connectpro.example"]);
    await say(cast.ada, "Here.", 11);
    await say(cast.alice, "Thanks. And the rest?", 12);
    await assign(null);
    const both = ["ada@connectpro.example", "boss@connectpro.example"];
    assertEquals(await newMails(() => run(22)), [both[0], alice.email, both[1]]);
    await say(cast.ada, "Soon.", 23);
    assertEquals(await newMails(() => run(60)), []);
    await say(cast.alice, "Good.", 61);
    await assign(agent);
    await db.update(admins).set({ deactivatedAt: NOW }).where(eq(admins.id, agent));
    assertEquals(await newMails(() => run(71)), both);
  },
);

Deno.test("the mail about unread messages says the last of them and leads each side to its own page", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "in_progress");
  const chat = `/bookings/${booking.reference}/chat`;
  const [client, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const file = new FormData();
  file.set("body", "");
  file.set("file", new File(["The list."], "list.txt"));
  const headers = { Origin: world.url };
  await client.send(`${chat}/messages`, { method: "POST", body: file, headers });
  assertEquals(await mailAway(world.db, world.time.now + 10 * MINUTE), 1);
  await ada.post(`/admin${chat}/messages`, { body: "Got it <3" });
  world.time.now += 20 * MINUTE;
  assertEquals(await mailAway(world.db, world.time.now), 1);
  await ada.post(`/admin${chat}/messages`, { body: "Anything else?" });

  const mails = (await world.mails()).filter(({ subject }) => subject?.startsWith("New messages"));
  const ours = mails.find(({ toEmail }) => toEmail.startsWith("ada@"));
  const theirs = mails.find(({ toEmail }) => toEmail.startsWith("alice@"));
  assertEquals(mails.length, 2);
  assertStringIncludes(ours?.text ?? "", "Last: list.txt");
  assertStringIncludes(ours?.text ?? "", `${world.url}/admin${chat}`);
  assertStringIncludes(theirs?.text ?? "", "Last: Got it <3");
  assertStringIncludes(theirs?.text ?? "", `${world.url}${chat}`);
  assert(!theirs?.text.includes("/admin/"));
  assertEquals((await fileOf(world.db, booking.reference)).messages, 3);
});
