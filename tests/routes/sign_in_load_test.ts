import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { users } from "../../db/schema.ts";
import { findUserByEmail } from "../../db/users.ts";
import { alice, bob } from "../cast.ts";
import { startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD } from "../world.ts";

const CROWD = 100;

/** Looks at /livez, 5 ms after each answer again, until `end`; returns how many were answered. */
async function looksUntil(end: Promise<unknown>, url: string): Promise<number> {
  let over = false;
  end.finally(() => over = true);
  let looks = 0;
  for (; !over; looks++) {
    await (await fetch(`${url}/livez`)).text();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return looks;
}

Deno.test("asvs V15.2.2: while 100 people sign in at once the app goes on answering others", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const crowd = Promise.all(
    Array.from({ length: CROWD }, (_, n) => {
      const sent = { email: `nobody-${n}@crowd.example`, password: PASSWORD };
      return new Visitor(product.url).post("/sign-in", sent);
    }),
  );
  const [answers, looks] = await Promise.all([crowd, looksUntil(crowd, product.url)]);

  assertEquals(answers.map(({ status }) => status), Array(CROWD).fill(422), "all were served");
  // Where a hash held the event loop there would be about one look for each.
  assert(looks > 4 * CROWD, `${looks} looks during ${CROWD} hashes`);
});

Deno.test("asvs V15.2.2: whoever sends half a form keeps nobody else from signing in", async () => {
  await using world = await openWorld();
  const { hostname, port, host } = new URL(world.url);
  const head = [
    ...["POST /sign-in HTTP/1.1", `Host: ${host}`, `Origin: ${world.url}`, "Content-Length: 60"],
    ...["Content-Type: application/x-www-form-urlencoded", "", "email=half"],
  ].join("\r\n");
  const stalled = await Promise.all(
    Array.from({ length: 8 }, () => Deno.connect({ hostname, port: Number(port) })),
  );
  for (const connection of stalled) await connection.write(new TextEncoder().encode(head));
  // Those who stall were there first.
  await world.stranger().get("/livez");

  assertEquals((await (await world.signedIn("alice")).get("/dashboard")).status, 200);
  for (const connection of stalled) connection.close();
});

Deno.test("asvs V6.3.8: an unknown address costs as many hashes as a known one, whatever is asked", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const costs = async (path: string, sent: Record<string, string>) => {
    const before = world.hashes();
    await stranger.post(path, sent);
    return world.hashes() - before;
  };
  const unknown = { email: "nobody@nowhere.example" };
  const wrong = { password: "not the password" };

  for (const path of ["/sign-in", "/admin/sign-in"]) {
    for (const email of [alice.email, "ada@connectpro.example", unknown.email]) {
      assertEquals([path, email, await costs(path, { email, ...wrong })], [path, email, 1]);
    }
    assertEquals(await costs(path, { ...unknown, password: "" }), 1);
  }
  await world.db.update(users).set({ passwordHash: null }).where(eq(users.email, bob.email));
  assertEquals(await costs("/sign-in", { email: bob.email, ...wrong }), 1);
  for (const email of [alice.email, unknown.email]) {
    assertEquals(await costs("/register", { name: "A", email, password: "a quiet kettle" }), 1);
    assertEquals(await costs("/reset-password", { email }), 0);
  }
});

/** "a kettle of seven tides" with 4 MiB and one pass. */
const OLD =
  "$argon2id$v=19$m=4096,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$T9ZMCWXrpXtZqRdtJRiub4xEeQyBYvNT70O/yItn7bQ";

Deno.test("asvs V11.4.2: signing in renews a hash of other parameters, once and in the same batch", async () => {
  await using world = await openWorld();
  await world.db.update(users).set({ passwordHash: OLD }).where(eq(users.email, alice.email));
  const hash = async () => (await findUserByEmail(world.db, alice.email))?.passwordHash ?? "";

  const wrong = { email: alice.email, password: "not the password" };
  assertEquals((await world.stranger().post("/sign-in", wrong)).status, 422);
  assertEquals(await hash(), OLD);
  await world.signedIn("alice");
  const renewed = await hash();
  assert(renewed !== OLD && renewed.startsWith("$argon2id$"), renewed);
  await world.signedIn("alice");
  assertEquals(await hash(), renewed);
});
