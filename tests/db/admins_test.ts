import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { findAdminByEmail, hasAdmin, makeFirstAdmin, redeemInvitation } from "../../db/admins.ts";
import type { Db } from "../../db/client.ts";
import { admins, sessions } from "../../db/schema.ts";
import { findPerson, sessionLife } from "../../db/sessions.ts";
import { findToken, storeToken, type Token } from "../../db/tokens.ts";
import { castIn, dump, NOW } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const zoe = { name: "Zoe Lind", email: "zoe@connectpro.example", passwordHash: "none" };

async function link(db: Db, purpose: "setup" | "invitation", of: Partial<Token> = {}) {
  const name = crypto.randomUUID();
  await storeToken(db, name, { purpose, now: NOW, email: of.email, role: of.role });
  return await findToken(db, name, { purpose, now: NOW });
}

eachDatabase(
  "makeFirstAdmin() makes one owner of twenty at once, each with a link of their own",
  async (db) => {
    assertEquals(await hasAdmin(db), false);
    const links = await Promise.all(Array.from({ length: 20 }, () => link(db, "setup")));
    const ends = await Promise.allSettled(links.map((token, at) =>
      makeFirstAdmin(db, token, {
        ...{ ...zoe, email: `zoe${at}@connectpro.example` },
        ...{ sessionId: `session ${at}`, now: NOW },
      })
    ));
    const won = ends.findIndex(({ status }) => status === "fulfilled");
    assertEquals(ends.filter(({ status }) => status === "fulfilled").length, 1);
    for (const end of ends) {
      if (end.status === "rejected") await assertProblem(Promise.reject(end.reason), "gone");
    }
    const [admin, ...more] = await db.select().from(admins);
    assertEquals([admin?.email, admin?.role, more], [`zoe${won}@connectpro.example`, "owner", []]);
    assertEquals((await db.select().from(sessions)).map(({ id }) => id), [`session ${won}`]);
    assert(await hasAdmin(db));
  },
);

Deno.test("makeFirstAdmin() signs the owner in for half a day", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  await makeFirstAdmin(db, await link(db, "setup"), { ...zoe, sessionId: "session", now: NOW });
  const end = NOW + sessionLife.admin;
  const person = await findPerson(db, "session", end - 1);
  const { name, email } = zoe;
  assertObjectMatch(person ?? {}, { kind: "admin", id: 1, name, email, role: "owner" });
  assertEquals(await findPerson(db, "session", end), null);
});

Deno.test("makeFirstAdmin() is gone for a used link and where there is an admin", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const token = await link(db, "setup");
  await makeFirstAdmin(db, token, { ...zoe, sessionId: "first", now: NOW });
  const second = { ...zoe, email: "second@connectpro.example", sessionId: "second", now: NOW };
  await assertProblem(makeFirstAdmin(db, token, second), "gone");
  await assertProblem(makeFirstAdmin(db, await link(db, "setup"), second), "gone");
  assertEquals((await db.select().from(admins)).length, 1);
  assertEquals((await db.select().from(sessions)).length, 1);
});

eachDatabase(
  "redeemInvitation() makes the invited admin once, with the address and role of the link",
  async (db) => {
    await castIn(db);
    const token = await link(db, "invitation", { email: zoe.email, role: "manager" });
    const { name, passwordHash } = zoe;
    const redeem = (sessionId: string) =>
      redeemInvitation(db, token, { name, passwordHash, sessionId, now: NOW });
    const ends = await Promise.allSettled(["one", "two", "three"].map(redeem));
    assertEquals(ends.filter(({ status }) => status === "fulfilled").length, 1);
    await assertProblem(redeem("four"), "gone");

    const admin = await findAdminByEmail(db, zoe.email);
    assertEquals([admin?.name, admin?.role, admin?.deactivatedAt], ["Zoe Lind", "manager", null]);
    const [session, ...more] = await db.select().from(sessions);
    assertEquals([session?.adminId, more], [admin?.id as number, []]);
  },
);

Deno.test("redeemInvitation() for an address that is an admin already changes nothing", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const token = await link(db, "invitation", { email: "ada@connectpro.example", role: "agent" });
  const before = await dump(db);
  const again = { name: "Ada", passwordHash: "other", sessionId: "session", now: NOW };
  await assertProblem(redeemInvitation(db, token, again), "conflict");
  assertEquals(await dump(db), before);
});
