import { assertEquals, assertObjectMatch, assertRejects } from "@std/assert";
import { eq } from "drizzle-orm";
import type { Actor } from "../../db/booking_moves.ts";
import { commit, type Db } from "../../db/client.ts";
import { admins, sessions, users } from "../../db/schema.ts";
import { signOut } from "../../db/open_sessions.ts";
import { purge } from "../../db/retention.ts";
import { findPerson, openSession, sessionLife } from "../../db/sessions.ts";
import { ada, alice, castIn, NOW, openCast } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";

const open = (db: Db, id: string, of: Actor) =>
  commit(
    db,
    openSession(db, id, { kind: of.kind as "client" | "admin", id: of.id as number, now: NOW }),
  );

eachDatabase("findPerson() knows whose session it is, to the last millisecond", async (db) => {
  const cast = await castIn(db);
  await open(db, "hers", cast.alice);
  await open(db, "the admin's", cast.ada);

  const end = NOW + sessionLife.client;
  const client = { kind: "client", id: cast.alice.id as number, ...alice, phone: null };
  assertObjectMatch(await findPerson(db, "hers", end - 1) ?? {}, client);
  assertEquals(await findPerson(db, "hers", end), null);
  const admin = { kind: "admin", id: cast.ada.id as number, ...ada, role: "owner" };
  assertObjectMatch(await findPerson(db, "the admin's", NOW) ?? {}, admin);
  assertEquals(await findPerson(db, "nobody's", NOW), null);
});

Deno.test("findPerson() does not know somebody who was deactivated", async () => {
  await using cast = await openCast();
  const { db } = cast;
  await open(db, "hers", cast.alice);
  await open(db, "the admin's", cast.ada);
  await db.update(users).set({ deactivatedAt: NOW }).where(eq(users.email, alice.email));
  await db.update(admins).set({ deactivatedAt: NOW }).where(eq(admins.email, ada.email));
  assertEquals(await findPerson(db, "hers", NOW), null);
  assertEquals(await findPerson(db, "the admin's", NOW), null);
});

Deno.test("signOut() ends one session", async () => {
  await using cast = await openCast();
  await open(cast.db, "one", cast.alice);
  await open(cast.db, "two", cast.alice);
  const person = await findPerson(cast.db, "one", NOW);
  if (person) await signOut(cast.db, person, NOW);
  assertEquals(await findPerson(cast.db, "one", NOW), null);
  assertEquals((await findPerson(cast.db, "two", NOW))?.name, "Alice Meyer");
});

Deno.test("purge() forgets sessions that are over and keeps the others", async () => {
  await using cast = await openCast();
  await open(cast.db, "hers", cast.alice);
  await open(cast.db, "the admin's", cast.ada);
  assertEquals(await purge(cast.db, NOW + sessionLife.admin), 0);
  assertEquals(await purge(cast.db, NOW + sessionLife.admin + 1), 1);
  assertEquals((await cast.db.select().from(sessions)).map(({ id }) => id), ["hers"]);
});

Deno.test("a session belongs to a client or to an admin, never to both or to nobody", async () => {
  await using database = await openTestDatabase();
  const { db, alice, ada } = await castIn(database.db);
  const row = { id: "session", createdAt: NOW, expiresAt: NOW + 1 };
  for (const owner of [{}, { userId: alice.id, adminId: ada.id }]) {
    await assertRejects(async () => await db.insert(sessions).values({ ...row, ...owner }));
  }
});
