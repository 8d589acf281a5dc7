import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { admins } from "../../db/schema.ts";
import { randomToken, storeToken } from "../../db/tokens.ts";
import { ada, DAY, HOUR } from "../cast.ts";
import { assertNothingWritten, assertUnknown } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

const owner = {
  name: "Olga Brandt",
  email: "olga@connectpro.example",
  password: "six grey herons",
};
const usedUp = "This link was used already or is too old. Ask for a new one.";
const adminsIn = (world: World) => world.db.select().from(admins);

/** The path of the link that the start of the product prints; without Ada there is no admin yet. */
async function firstLink(world: World): Promise<string> {
  await world.db.delete(admins);
  return new URL(await world.setupLink() ?? "about:nothing").pathname;
}

async function invite(world: World, about: { email: string; role?: "agent" | "manager" }) {
  const token = randomToken();
  await storeToken(world.db, token, { purpose: "invitation", now: world.time.now, ...about });
  return `/admin/register/${token}`;
}

Deno.test("the set-up link makes the first admin an owner, once", async () => {
  await using world = await openWorld();
  const link = await firstLink(world);
  const visitor = world.stranger();

  const answer = await visitor.fill(link, link, { ...owner, email: " Olga@ConnectPro.example" });
  assertEquals([answer.status, answer.location], [303, "/admin"]);
  assertMatch(answer.headers.getSetCookie()[0] ?? "", /^__Host-connectpro-admin=ey.*Strict/);
  assertEquals((await visitor.get("/admin")).status, 200);
  assertEquals(
    (await adminsIn(world)).map(({ name, email, role }) => [name, email, role]),
    [[owner.name, owner.email, "owner"]],
  );

  const other = world.stranger();
  const second = { ...owner, email: "mallory@evil.example" };
  for (
    const again of [
      await other.get(link),
      await assertNothingWritten(world, () => other.post(link, second)),
      await other.post(link, {}),
    ]
  ) {
    assertEquals(again.status, 410);
    assertStringIncludes(again.text, usedUp);
  }
  assertEquals(await world.setupLink(), null);
});

Deno.test("of twenty who use the set-up link at once, one becomes the owner", async () => {
  await using world = await openWorld();
  const link = await firstLink(world);

  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      (_, n) => world.stranger().post(link, { ...owner, email: `person${n}@connectpro.example` }),
    ),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [303, ...Array(19).fill(410)]);
  const [only, ...more] = await adminsIn(world);
  assertEquals(more, []);
  assertEquals(answers.findIndex(({ status }) => status === 303), Number(only?.email.match(/\d+/)));
});

Deno.test("a set-up link that is wrong, old or for something else makes nobody", async () => {
  await using world = await openWorld();
  const link = await firstLink(world);
  const stranger = world.stranger();

  for (const path of ["/setup/x", `/setup/${"A".repeat(43)}`, link.replace("/setup", "/claim")]) {
    await assertUnknown(stranger, await stranger.get(path));
    await assertUnknown(stranger, await stranger.post(path, owner));
  }
  world.time.now += DAY;
  assertEquals((await stranger.post(link, owner)).status, 410);
  assertEquals(await adminsIn(world), []);
  const fresh = new URL(await world.setupLink() ?? "").pathname;
  assertEquals((await stranger.post(fresh, owner)).status, 303);
});

Deno.test("the first admin needs a name, an address and a password", async () => {
  await using world = await openWorld();
  const link = await firstLink(world);
  const mistakes: [Partial<typeof owner>, string][] = [
    [{ name: " " }, "Write your name."],
    [{ name: "x".repeat(101) }, "A name may have 100 characters."],
    [{ email: "olga" }, "Write an address like name@example.com."],
    [{ password: "short" }, "A password needs 8 characters or more."],
  ];

  for (const [mistake, sentence] of mistakes) {
    const [name] = Object.keys(mistake);
    const answer = await assertNothingWritten(
      world,
      () => world.stranger().post(link, { ...owner, ...mistake }),
    );
    assertEquals([mistake, answer.status], [mistake, 422]);
    assertStringIncludes(answer.text, `<a href="#${name}">${sentence}</a>`);
    assertEquals(answer.text.includes(owner.password), false);
  }
});

Deno.test("an invitation fixes the address and the role, and is redeemed once", async () => {
  await using world = await openWorld();
  const link = await invite(world, { email: "ines@connectpro.example", role: "manager" });
  const visitor = world.stranger();

  const page = await visitor.get(link);
  assertEquals(page.status, 200);
  for (const text of ["as manager", "ines@connectpro.example"]) {
    assertStringIncludes(page.text, text);
  }
  const { name, password } = owner;
  const sent = { name, password, email: "other@evil.example", role: "owner" };
  const answer = await visitor.fill(link, link, sent);
  assertEquals([answer.status, answer.location], [303, "/admin"]);
  assertEquals((await visitor.get("/admin")).status, 200);
  const made = (await adminsIn(world)).find((admin) => admin.name === name);
  assertEquals([made?.email, made?.role], ["ines@connectpro.example", "manager"]);

  const again = await assertNothingWritten(world, () => world.stranger().post(link, sent));
  assertEquals(again.status, 410);
  assertStringIncludes(again.text, usedUp);
});

Deno.test("an invitation that is unknown, too old or for an admin we have lets nobody in", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();
  const { name, password } = owner;
  const path = `/admin/register/${"A".repeat(43)}`;

  await assertUnknown(stranger, await stranger.get(path));
  await assertUnknown(stranger, await stranger.post(path, { name, password }));
  const taken = await invite(world, { email: ada.email });
  const answer = await assertNothingWritten(world, () => stranger.post(taken, { name, password }));
  assertEquals([answer.status, answer.headers.getSetCookie()], [409, []]);
  assertStringIncludes(
    answer.text,
    "There is an admin with this address already. Sign in instead.",
  );
  const old = await invite(world, { email: "ines@connectpro.example" });
  world.time.now += 72 * HOUR;
  assertEquals((await stranger.get(old)).status, 410);
  assertEquals((await stranger.post(old, { name, password })).status, 410);
  assertEquals((await adminsIn(world)).length, 1);
});

Deno.test("asvs V6.3.2: there is no account that everybody knows", async () => {
  await using world = await openWorld();
  await world.db.delete(admins);
  const known = { email: "admin@connectpro.com", password: "password" };

  for (const path of ["/sign-in", "/admin/sign-in"]) {
    const { status, headers } = await world.stranger().post(path, known);
    assertEquals([path, status, headers.getSetCookie()], [path, 422, []]);
  }
});
