import { assertEquals } from "@std/assert";
import { submitBooking } from "../../db/bookings.ts";
import { commit } from "../../db/client.ts";
import { sessions } from "../../db/schema.ts";
import { findPerson, openSession } from "../../db/sessions.ts";
import { findToken, storeToken } from "../../db/tokens.ts";
import { choosePassword, findUserByEmail } from "../../db/users.ts";
import { castIn, NOW, submission } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };

eachDatabase(
  "choosePassword() sets the password once of ten at once, confirms the address and signs in",
  async (db) => {
    await castIn(db);
    await submitBooking(db, submission(grace));
    const userId = (await findUserByEmail(db, grace.email))?.id ?? 0;
    await storeToken(db, "a link", { purpose: "claim", now: NOW, userId });
    const token = await findToken(db, "a link", { purpose: "claim", now: NOW });
    const ends = await Promise.allSettled(
      Array.from(
        { length: 10 },
        (_, at) =>
          choosePassword(db, token, {
            passwordHash: `hash ${at}`,
            sessionId: `session ${at}`,
            now: NOW,
          }),
      ),
    );

    const won = ends.findIndex(({ status }) => status === "fulfilled");
    assertEquals(ends.filter(({ status }) => status === "fulfilled").length, 1);
    const user = await findUserByEmail(db, grace.email);
    assertEquals([user?.passwordHash, user?.emailVerifiedAt], [`hash ${won}`, NOW]);
    assertEquals((await db.select().from(sessions)).map(({ id }) => id), [`session ${won}`]);
    assertEquals((await findPerson(db, `session ${won}`, NOW))?.email, grace.email);
  },
);

Deno.test("choosePassword() ends the other sessions of that person alone", async () => {
  await using database = await openTestDatabase();
  const { db, alice, bob, ada } = await castIn(database.db);
  for (const { kind, id } of [alice, bob, ada]) {
    const of = { kind: kind as "client" | "admin", id: id as number, now: NOW };
    await commit(db, openSession(db, `old of ${kind} ${id}`, of));
  }
  await storeToken(db, "a link", { purpose: "reset", now: NOW, userId: alice.id });
  const token = await findToken(db, "a link", { purpose: "reset", now: NOW });
  const claim = { passwordHash: "new", sessionId: "new", now: NOW };
  await choosePassword(db, token, claim);
  await assertProblem(choosePassword(db, token, { ...claim, passwordHash: "newer" }), "gone");

  assertEquals((await findUserByEmail(db, "alice@northwind.example"))?.passwordHash, "new");
  const left = (await db.select().from(sessions)).map(({ id }) => id).sort();
  assertEquals(left, ["new", `old of admin ${ada.id}`, `old of client ${bob.id}`]);
});

Deno.test("choosePassword() does nothing with a link that has become too old", async () => {
  await using database = await openTestDatabase();
  const { db, alice } = await castIn(database.db);
  await storeToken(db, "a link", { purpose: "reset", now: NOW, userId: alice.id });
  const token = await findToken(db, "a link", { purpose: "reset", now: NOW });
  const late = { passwordHash: "new", sessionId: "new", now: token.expiresAt };
  await assertProblem(choosePassword(db, token, late), "gone");
  assertEquals((await findUserByEmail(db, "alice@northwind.example"))?.passwordHash, "none");
  assertEquals(await db.select().from(sessions), []);
});
