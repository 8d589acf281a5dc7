import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { commit } from "../../db/client.ts";
import { oneTimeTokens } from "../../db/schema.ts";
import { purge } from "../../db/retention.ts";
import {
  findToken,
  hashToken,
  randomToken,
  storeToken,
  tokenLife,
  useToken,
} from "../../db/tokens.ts";
import { castIn, NOW } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

Deno.test("asvs V7.2.3: randomToken() carries 256 bits in letters that a link may hold", () => {
  const tokens = Array.from({ length: 50 }, randomToken);
  for (const token of tokens) assertMatch(token, /^[A-Za-z0-9_-]{43}$/);
  assertEquals(new Set(tokens).size, 50);
});

Deno.test("hashToken() is SHA-256 in hex", async () => {
  const hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(await hashToken("abc"), hash);
});

Deno.test("asvs V6.4.1: storeToken() keeps the hash alone, and the same token once", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await storeToken(db, "a link", { purpose: "setup", now: NOW });
  await storeToken(db, "a link", { purpose: "setup", now: NOW + 1 });
  const rows = await db.select().from(oneTimeTokens);
  assertEquals(rows.map(({ hash, createdAt }) => [hash, createdAt]), [
    [await hashToken("a link"), NOW],
  ]);
  assertNotEquals(rows[0]?.hash, "a link");
});

for (const purpose of ["setup", "claim", "verify", "reset", "invitation"] as const) {
  Deno.test(`a link for ${purpose} works to its last millisecond, for its purpose alone`, async () => {
    await using database = await openTestDatabase();
    const { db, alice } = await castIn(database.db);
    await storeToken(db, "a link", { purpose, now: NOW, userId: alice.id });
    const end = NOW + tokenLife[purpose];

    assertEquals((await findToken(db, "a link", { purpose, now: end - 1 })).userId, alice.id);
    await assertProblem(findToken(db, "a link", { purpose, now: end }), "gone");
    await assertProblem(findToken(db, "another", { purpose, now: NOW }), "not_found");
    const other = purpose === "setup" ? "claim" : "setup";
    await assertProblem(findToken(db, "a link", { purpose: other, now: NOW }), "not_found");
  });
}

eachDatabase("useToken() is taken once of twenty at once, and the link is gone", async (db) => {
  await storeToken(db, "a link", { purpose: "setup", now: NOW });
  const token = await findToken(db, "a link", { purpose: "setup", now: NOW });
  const uses = await Promise.all(
    Array.from(
      { length: 20 },
      (_, at) => commit(db, [useToken(db, token, { by: `user ${at}`, now: NOW })]),
    ),
  );
  assertEquals(uses.flat().filter((rows) => rows === 1).length, 1);
  await assertProblem(findToken(db, "a link", { purpose: "setup", now: NOW }), "gone");
});

Deno.test("asvs V14.2.7: purge() forgets links that are too old and keeps the others", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await storeToken(db, "short", { purpose: "reset", now: NOW });
  await storeToken(db, "long", { purpose: "claim", now: NOW });
  assertEquals(await purge(db, NOW + tokenLife.reset + 1), 1);
  const rows = await db.select().from(oneTimeTokens);
  assertEquals(rows.map(({ purpose }) => purpose), ["claim"]);
});

Deno.test("storeToken() lets a token that is given again live on, but not one that was used", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const use = { purpose: "setup", now: NOW + tokenLife.setup } as const;
  await storeToken(db, "a link", { purpose: "setup", now: NOW });
  await assertProblem(findToken(db, "a link", use), "gone");
  await storeToken(db, "a link", use);
  const token = await findToken(db, "a link", use);

  await commit(db, [useToken(db, token, { by: "a start", now: use.now })]);
  await storeToken(db, "a link", use);
  await assertProblem(findToken(db, "a link", use), "gone");
});
