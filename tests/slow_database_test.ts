import { assert, assertEquals } from "@std/assert";
import { openDb } from "../db/client.ts";
import { openTestDatabase } from "./databases.ts";
import { startSlowDatabase } from "./slow_database.ts";

Deno.test("startSlowDatabase() counts queries at once as one trip and queries in turn as several", async () => {
  await using database = await openTestDatabase("sqld");
  await using slow = startSlowDatabase(database.url, 40);
  const db = await openDb(slow.url);
  await db.$client.execute("select 1");

  slow.reset();
  await Promise.all([1, 2, 3].map(() => db.$client.execute("select 1")));
  assertEquals([slow.requests(), slow.trips()], [3, 1]);

  slow.reset();
  await db.$client.batch(["select 1", "select 2"]);
  await db.$client.execute("select 1");
  assertEquals([slow.requests(), slow.trips()], [2, 2]);

  slow.reset();
  const twice = db.$client.execute("select 1").then(() => db.$client.execute("select 1"));
  await Promise.all([twice, db.$client.execute("select 1")]);
  assertEquals([slow.requests(), slow.trips()], [3, 2]);

  const before = performance.now();
  await db.$client.execute("select 1");
  assert(performance.now() - before >= 39);
  db.$client.close();
});
