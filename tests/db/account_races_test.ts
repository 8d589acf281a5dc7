import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { commit, type Db, openDb } from "../../db/client.ts";
import { confirmEmailChange, findEmailChange } from "../../db/email_changes.ts";
import { changePassword } from "../../db/password_changes.ts";
import { auditLog, emailNotifications, oneTimeTokens, sessions, users } from "../../db/schema.ts";
import { findPerson, openSession, type Person } from "../../db/sessions.ts";
import { storeToken } from "../../db/tokens.ts";
import { alice, type Cast, castIn, NOW } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { winnersOf } from "../problems.ts";

const origin = { requestId: "request", addressHash: "address" };

/** Alice in a new session. */
async function signedIn({ db, alice }: Cast, id: string): Promise<Person> {
  await commit(db, openSession(db, id, { kind: "client", id: alice.id as number, now: NOW }));
  return await findPerson(db, id, NOW) as Person;
}

async function click(db: Db, link: string): Promise<string> {
  try {
    const change = await findEmailChange(db, link, NOW);
    return (await confirmEmailChange(db, change, { now: NOW, origin, link })).step;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

eachDatabase(
  "confirmEmailChange() changes the address once when both links are clicked over two connections",
  async (db, place) => {
    const cast = await castIn(db);
    const other = await openDb(place.url);
    const userId = cast.alice.id as number;
    for (let round = 0; round < 10; round++) {
      const email = `alice-${round}@meyer.example`;
      const links = [`old ${round}`, `new ${round}`];
      for (const [at, purpose] of (["email_old", "email_new"] as const).entries()) {
        await storeToken(db, links[at] ?? "", { purpose, userId, email, now: NOW });
      }
      const clicks = links.flatMap((link) => [click(db, link), click(other, link)]);
      const ends = (await Promise.all(clicks)).sort();
      assertEquals([round, ...ends], [round, "changed", "gone", "gone", "waiting"]);
      const [user] = await db.select().from(users).where(eq(users.id, userId));
      assertEquals([user?.email, user?.name], [email, alice.name]);
    }
    assertEquals((await db.select().from(auditLog)).length, 10);
    assertEquals((await db.select().from(emailNotifications)).length, 20);
    const live = (await db.select().from(oneTimeTokens)).filter(({ expiresAt }) => expiresAt > NOW);
    assertEquals(live, []);
    other.$client.close();
  },
);

eachDatabase(
  "changePassword() leaves one winner and one session when two connections change it at once",
  async (db, place) => {
    const cast = await castIn(db);
    const other = await openDb(place.url);
    const [one, two] = [await signedIn(cast, "one"), await signedIn(cast, "two")];
    const change = (at: Db, person: Person) =>
      changePassword(at, person, {
        ...{ from: "none", to: `hash of ${person.sessionId}`, now: NOW },
        sessionId: `new ${person.sessionId}`,
      });

    assertEquals(await winnersOf([change(db, one), change(other, two)]), 1);
    const [left, ...more] = await db.select().from(sessions);
    assertEquals(more, []);
    const [user] = await db.select().from(users).where(eq(users.email, alice.email));
    assertEquals(user?.passwordHash, `hash of ${left?.id.replace("new ", "")}`);
    assert(user?.name === alice.name, "nothing else of the account changed");
    assertEquals((await db.select().from(auditLog)).length, 1);
    other.$client.close();
  },
);
