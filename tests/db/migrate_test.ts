import { assertEquals } from "@std/assert";
import { type Db, openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { seedCatalogue } from "../../db/seed.ts";
import { dump } from "../cast.ts";
import { kinds, openTestDatabase, startDatabase } from "../databases.ts";
import { atOnce } from "./processes_at_once.ts";

const MIGRATIONS = 3;

async function schemaOf(db: Db) {
  const { rows } = await db.$client.execute(
    "select type, name, sql from sqlite_schema where name not like 'sqlite_%' order by name",
  );
  return rows.map(({ type, name, sql }) => [type, name, sql]);
}

for (const kind of kinds) {
  Deno.test(`migrate() by four processes at once on an empty database is done by one (${kind})`, async () => {
    await using alone = await openTestDatabase(kind);
    await using place = await startDatabase(kind);
    const applied = await atOnce("migrate", { url: place.url, processes: 4 });

    assertEquals(applied.length, 4);
    assertEquals(applied.reduce((sum, n) => sum + n, 0), MIGRATIONS);
    const db = await openDb(place.url);
    assertEquals(await schemaOf(db), await schemaOf(alone.db));
    assertEquals(await migrate(db), 0);
    db.$client.close();
  });
}

Deno.test("migrate() again applies nothing and keeps every row", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await seedCatalogue(db);
  const before = await dump(db);
  assertEquals(await migrate(db), 0);
  assertEquals(await dump(db), before);
});
