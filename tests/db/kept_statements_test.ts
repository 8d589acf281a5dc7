import { assertEquals } from "@std/assert";
import { openTestDatabase } from "../databases.ts";

Deno.test("a statement that is kept follows changes of the schema", async () => {
  await using database = await openTestDatabase("file");
  const { $client: client } = database.db;
  await client.batch(["create table pets (name text)", "insert into pets values ('Rex')"]);
  const queries = ["select * from pets", "select name from pets", "update pets set name = name"];
  const ask = async () => (await Promise.all(queries.map((sql) => client.execute(sql))));
  const before = await ask();
  assertEquals(before.map(({ columns }) => columns), [["name"], ["name"], []]);

  await client.execute("alter table pets add column age integer default 3");
  const [all, named, written] = await ask();
  assertEquals({ ...all?.rows[0] }, { name: "Rex", age: 3 });
  assertEquals({ ...named?.rows[0] }, { name: "Rex" });
  assertEquals(written?.rowsAffected, 1);
});
