import { assertEquals, assertRejects } from "@std/assert";
import { type Client, LibsqlError } from "@libsql/client";
import { submitBooking } from "../../db/bookings.ts";
import { openDb } from "../../db/client.ts";
import { serviceBookings } from "../../db/schema.ts";
import { inTurn, nextTurn, oneWriter, together } from "../../db/write_queue.ts";
import { alice, castIn, submission } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

const late = () => new Error("late");
const patient = { patience: 5000, late };
/** Only who it is matters to the queue. */
const someClient = () => ({}) as Client;
const busy = () => new LibsqlError("database is locked", "SQLITE_BUSY");

Deno.test("many writes at once from four connections to a server all come through", async () => {
  await using database = await openTestDatabase("sqld");
  const cast = await castIn(database.db);
  const connections = await Promise.all([1, 2, 3, 4].map(() => openDb(database.url)));
  const userId = cast.alice.id as number;
  const sent = Array.from(
    { length: 25 },
    () => connections.map((db) => submitBooking(db, submission(alice, { userId }))),
  );
  await Promise.all(sent.flat());

  assertEquals(await database.db.$count(serviceBookings), 100);
  for (const db of connections) db.$client.close();
});

Deno.test("inTurn() begins a write when the one before it has ended, well or badly", async () => {
  const client = someClient();
  const steps: string[] = [];
  const first = Promise.withResolvers<void>();
  const one = inTurn(client, () => first.promise, patient);
  const two = inTurn(client, () => Promise.resolve(steps.push("second")), patient);
  await inTurn(someClient(), () => Promise.resolve(steps.push("other client")), patient);

  first.reject(new Error("refused"));
  await assertRejects(() => one, Error, "refused");
  await two;
  assertEquals(steps, ["other client", "second"]);
});

Deno.test("inTurn() sends a write again that found another writer, and only such a one", async () => {
  let tries = 0;
  const secondTime = () => ++tries === 1 ? Promise.reject(busy()) : Promise.resolve("written");
  assertEquals(await inTurn(someClient(), secondTime, patient), "written");

  const wrong = () => Promise.reject(new Error(`try ${++tries}`));
  await assertRejects(() => inTurn(someClient(), wrong, patient), Error, "try 3");
});

Deno.test("inTurn() gives up a write whose turn did not come in time", async () => {
  const client = someClient();
  const first = Promise.withResolvers<void>();
  const one = inTurn(client, () => first.promise, patient);
  const two = inTurn(client, () => Promise.resolve(), { patience: -1, late });

  first.resolve();
  await one;
  await assertRejects(() => two, Error, "late");
});

Deno.test("oneWriter() lets what writes stand in line, whoever sends it, and what reads go past", async () => {
  const sent: string[] = [];
  const keep = (what: string) => Promise.resolve(void sent.push(what));
  const fake = {
    execute: ({ sql }: { sql: string }) => keep(sql),
    batch: (all: { sql: string }[], mode = "") => keep(`${mode} ${all.map(({ sql }) => sql)}`),
  } as unknown as Client;
  const line = Promise.withResolvers<void>();
  const client = oneWriter(fake, () => async (work) => (await line.promise, await work()));
  const of = (...texts: string[]) => texts.map((sql) => ({ sql, args: [] }));

  const written = [
    client.execute(of("insert 1")[0] as { sql: string }),
    client.batch(of("select 2", "update 2")),
  ];
  await client.execute(of(" SELECT 3")[0] as { sql: string });
  await client.batch(of("select 4", "select 5"), "read");
  await client.batch(of("delete 6"), "write");
  assertEquals(sent, [" SELECT 3", "read select 4,select 5", "write delete 6"]);
  line.resolve();
  await Promise.all(written);
  assertEquals(sent.slice(3), ["insert 1", "write select 2,update 2"]);
});

Deno.test("together() makes one transaction of what comes at once, and each gets its own results", async () => {
  await using database = await openTestDatabase();
  const { $client: client } = database.db;
  await client.execute("create table marks (name text primary key)");
  const batches: number[] = [];
  const batch = client.batch.bind(client);
  client.batch = (statements, mode) => {
    batches.push(statements.length);
    return batch(statements, mode);
  };
  const insert = (...names: string[]) =>
    together(
      client,
      names.map((name) => ({ sql: "insert into marks values (?) returning name", args: [name] })),
      nextTurn,
    );
  const namesOf = async (results: ReturnType<typeof insert>) =>
    (await results).map(({ rows }) => rows[0]?.name);

  const all = [insert("a", "b"), insert("c"), insert("d", "e", "f")];
  assertEquals(await Promise.all(all.map(namesOf)), [["a", "b"], ["c"], ["d", "e", "f"]]);
  assertEquals(batches, [6]);

  const mixed = await Promise.allSettled([insert("g"), insert("h", "a"), insert("i")]);
  assertEquals(mixed.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  const { rows } = await client.execute("select name from marks order by name");
  assertEquals(rows.map(({ name }) => name).join(""), "abcdefgi");
  assertEquals(batches, [6, 4, 1, 2, 1]);
});
