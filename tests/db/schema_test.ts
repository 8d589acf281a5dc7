import { assert, assertEquals } from "@std/assert";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../../db/schema.ts";
import { openTestDatabase } from "../databases.ts";

/** What is money by its name, in minor units or millionths of USDT. */
const isAmount = (column: string) => /(_minor|micro|^amount)$/.test(column);

Deno.test("the database checks every column that is one of a few words, and every amount", async () => {
  await using database = await openTestDatabase();
  const { rows } = await database.db.$client.execute(
    "select name, sql from sqlite_schema where type = 'table'",
  );
  const made = new Map(rows.map(({ name, sql }) => [String(name), String(sql)]));
  const tables = Object.values(schema).filter((one) => is(one, SQLiteTable)).map(getTableConfig);
  const checked = tables.flatMap(({ name, columns }) =>
    columns.map((column) => ({ name, column: snake(column.name), words: column.enumValues }))
  ).filter(({ column, words }) => words?.length || isAmount(column));
  assert(checked.length > 30, `only ${checked.length} columns are looked at`);
  assertEquals(
    checked.filter(({ name, column }) => !checks(made.get(name) ?? "").includes(`"${column}"`)),
    [],
  );
});

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** All that a table's CHECKs say. */
const checks = (sql: string) =>
  sql.split("CONSTRAINT").filter((part) => part.includes("CHECK(")).join();
