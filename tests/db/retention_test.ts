import { assertEquals } from "@std/assert";
import { purge } from "../../db/retention.ts";
import { bookingIn, DAY, NOW, openCast } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

/** How long each is kept after its instant. */
const kinds: Record<string, number> = {
  email_bodies: 180 * DAY,
  job_runs: 90 * DAY,
  mailbox_messages: 30 * DAY,
  sessions: 0,
  one_time_tokens: 0,
  rate_limits: 0,
};

Deno.test("asvs V14.2.7: purge() forgets each kind when its time is over and not before, and keeps the mails themselves", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "pending");
  const owner = cast.ada.id;
  await db.$client.batch([
    `insert into email_bodies (email_id, text, html, at) values (1, 'x', 'x', ${NOW})`,
    `insert into email_attempts (email_id, at) values (1, ${NOW})`,
    `insert into job_runs (job, started_at, finished_at, handled) values ('x', ${NOW}, ${NOW}, 1)`,
    `insert into mailbox_messages (message_id, from_name, to_name, to_email, subject, text, html, at)
      values ('x', 'x', 'x', 'x', 'x', 'x', 'x', ${NOW})`,
    `insert into sessions (id, admin_id, created_at, expires_at) values ('x', ${owner}, 1, ${NOW})`,
    `insert into one_time_tokens (hash, purpose, expires_at, created_at)
      values ('x', 'setup', ${NOW}, 1)`,
    `insert into rate_limits (key, count, resets_at) values ('x', 1, ${NOW})`,
  ], "write");
  await db.$client.execute(`update email_notifications set params =
    json_set(params, '$.note', 'We begin with the text.', '$.reason', 'Too far.')`);
  const countOf = async (table: string) =>
    (await db.$client.execute(`select * from ${table}`)).rows.length;

  for (const age of [0, 30, 90, 180].map((days) => days * DAY)) {
    for (const after of [0, 1]) {
      const gone = await purge(db, NOW + age + after);
      const tables = Object.keys(kinds).filter((name) => kinds[name] === age);
      assertEquals([age, after, gone], [age, after, after * tables.length]);
      for (const table of tables) assertEquals([table, await countOf(table)], [table, 1 - after]);
    }
  }
  assertEquals([await countOf("email_notifications"), await countOf("email_attempts")], [2, 1]);
  const { rows } = await db.$client.execute("select params from email_notifications order by id");
  const said = rows.map(({ params }) => JSON.parse(String(params)));
  assertEquals([said[0].note, said[0].reason, said[0].reference], [
    undefined,
    undefined,
    booking.reference,
  ]);
  assertEquals(said[1].note, "We begin with the text.", "its words are not that old");
  assertEquals(await purge(db, NOW + 1000 * DAY), 0);
});

Deno.test("purge() takes a table that has grown in several steps, and says how much it forgot", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await db.$client.execute(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000)
      insert into rate_limits (key, count, resets_at) select i, 1, case when i <= 11000 then 1 else ${
      NOW + DAY
    } end from n`,
  );

  assertEquals(await purge(db, NOW), 11_000);
  const { rows } = await db.$client.execute("select count(*) as n from rate_limits");
  assertEquals(rows[0]?.n, 1000);
});
