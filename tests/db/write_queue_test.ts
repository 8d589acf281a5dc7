import { assertEquals, assertRejects } from "@std/assert";
import { type Client, LibsqlError } from "@libsql/client";
import { submitBooking } from "../../db/bookings.ts";
import { openDb } from "../../db/client.ts";
import { serviceBookings } from "../../db/schema.ts";
import { inTurn } from "../../db/write_queue.ts";
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
