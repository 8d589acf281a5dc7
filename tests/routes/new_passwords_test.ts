import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { admins, rateLimits } from "../../db/schema.ts";
import { randomToken, storeToken, type Token } from "../../db/tokens.ts";
import { ada, alice, bookingIn } from "../cast.ts";
import { assertNothingWritten } from "../pages.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };
const many = "Many people use this password";
const own = "This is made of your name, your address or ours";

async function link(world: World, about: Pick<Token, "purpose"> & Partial<Token>, path: string) {
  const token = randomToken();
  await storeToken(world.db, token, { ...about, now: world.time.now });
  return `${path}/${token}`;
}

/** Every way to choose a password: its address, and what its form needs beside. */
async function waysIn(world: World): Promise<[string, Record<string, string>, string][]> {
  const userId = world.cast.alice.id as number;
  const invited = { purpose: "invitation", email: grace.email, role: "agent" } as const;
  return [
    ["/register", grace, "grace2026"],
    [await link(world, { purpose: "claim", userId }, "/claim"), {}, "Alice.Meyer"],
    [await link(world, { purpose: "reset", userId }, "/reset-password"), {}, "alice-1234"],
    [
      await link(world, { purpose: "reset", email: ada.email }, "/admin/reset-password"),
      {},
      "ada.novak",
    ],
    [await link(world, invited, "/admin/register"), { name: grace.name }, "graceholm"],
    [await link(world, { purpose: "setup" }, "/setup"), grace, "holm.grace"],
  ];
}

Deno.test("asvs V6.1.3 V6.3.4: every way to choose a password has the same rules", async () => {
  await using world = await openWorld();
  await bookingIn(world.cast, "pending");
  const ways = await waysIn(world);
  const alice = await world.signedIn("alice");
  const [ada, ...others] = await world.db.select().from(admins);
  assert(ada && others.length === 0);

  const checks = ways.map(([path, more, name]) => ({
    visitor: world.stranger(),
    path,
    more,
    name,
  }));
  const present = { current_password: PASSWORD };
  checks.push({ visitor: alice, path: "/account/password", more: present, name: "meyer-99" });
  for (const { visitor, path, more, name } of checks) {
    // There is no first admin to make while there is one.
    if (path.startsWith("/setup/")) await world.db.delete(admins);
    const bad = [["Password", many], ["connectpro1", own], [name, own], ["7 chars", "needs 8"]];
    for (const [password = "", words = ""] of bad) {
      await world.db.delete(rateLimits);
      const act = () => visitor.post(path, { ...more, password });
      const answer = await assertNothingWritten(world, act);
      assertEquals([path, password, answer.status], [path, password, 422]);
      assertStringIncludes(answer.text, words);
      assertStringIncludes(answer.text, 'href="#password"');
    }
  }
});

Deno.test("asvs V6.2.6 V6.2.7: every password field hides what is typed and tells managers what it is", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const ada = await world.signedIn("ada");
  const pages = [
    ...["/sign-in", "/admin/sign-in"].map((path) => [alice, path] as const),
    ...(await waysIn(world)).slice(0, 4).map(([path]) => [alice, path] as const),
    [alice, "/account"] as const,
    [ada, "/admin/account"] as const,
  ];
  for (const [visitor, path] of pages) {
    const { text, status } = await visitor.get(path);
    const fields = text.match(/<input[^>]*name="\w*password"[^>]*>/g) ?? [];
    assertEquals([path, status, fields.length > 0], [path, 200, true]);
    for (const field of fields) {
      assertMatch(field, /type="password"/);
      assertMatch(field, /autocomplete="(current|new)-password"/);
      assert(!/onpaste|value=/.test(field), field);
    }
  }
});

Deno.test("asvs V6.2.8 V6.2.9: a password of 128 signs is taken as it came, blanks at its ends and all", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  const password = ` ${"🐟".repeat(126)} `;
  const sent = { current_password: PASSWORD, password };
  assertEquals((await own.post("/account/password", sent)).status, 303);

  const signIn = async (password: string) =>
    (await world.stranger().post("/sign-in", { email: alice.email, password })).status;
  assertEquals(await signIn(password), 303);
  for (const other of [password.trim(), password.trimEnd(), password.slice(0, 72)]) {
    assertEquals(await signIn(other), 422);
  }
  const huge = { current_password: PASSWORD, password: "x".repeat(1_000_000) };
  assertEquals((await own.post("/account/password", huge)).status, 413);
});
