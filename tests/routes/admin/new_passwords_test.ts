import { assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { admins, users } from "../../../db/schema.ts";
import { ada, alice, DAY, HOUR } from "../../cast.ts";
import { codeAt, giveCode, setUpFactor } from "../../factors.ts";
import { assertNothingWritten, assertUnknown } from "../../pages.ts";
import { openWorld, PASSWORD, type World } from "../../world.ts";

const NEW = "seven kettles of one tide";
const ask = (world: World, email: string) => world.stranger().post("/reset-password", { email });

/** The newest link of a kind in the mails to an address. */
async function linkTo(world: World, email: string, path = "/admin/reset-password") {
  const texts = (await world.mails()).filter(({ toEmail }) => toEmail === email)
    .map(({ text }) => text.replaceAll(world.url, " "));
  const links = texts.map((text) => text.match(new RegExp(` (${path}/[\\w-]{43})`))?.[1]);
  return links.find((link) => link !== undefined) ?? "no link";
}

Deno.test("asvs V6.4.3: an admin who forgot the password chooses a new one by mail, once, and signs in with it", async () => {
  await using world = await openWorld();
  const open = await world.signedIn("ada");
  assertEquals((await ask(world, ada.email)).status, 200);
  const link = await linkTo(world, ada.email);
  const visitor = world.stranger();
  assertStringIncludes((await visitor.get(link)).text, ada.email);

  const answers = await Promise.all([1, 2, 3].map(() => visitor.post(link, { password: NEW })));
  assertEquals(answers.map(({ status }) => status).sort(), [303, 410, 410]);
  const done = answers.find(({ status }) => status === 303);
  assertEquals([done?.location, done?.headers.getSetCookie()], [
    "/admin/sign-in?done=password",
    [],
  ]);
  assertEquals((await open.get("/admin")).status, 303, "what was open has ended");
  assertEquals((await visitor.get(link)).status, 410);
  const tries = [PASSWORD, NEW].map((password) =>
    world.stranger().post("/admin/sign-in", { email: ada.email, password })
  );
  assertEquals((await Promise.all(tries)).map(({ status }) => status), [422, 303]);
  assertEquals((await world.mails())[0]?.subject, "Your password was changed");
});

Deno.test("asvs V6.4.3: a new password of an admin gets nobody past the second factor", async () => {
  await using world = await openWorld();
  const kept = await setUpFactor(world, await world.signedIn("ada"));
  await ask(world, ada.email);
  const link = await linkTo(world, ada.email);
  const visitor = world.stranger();
  await visitor.fill(link, link, { password: NEW });
  assertEquals((await visitor.get("/admin")).status, 303);

  const first = await visitor.post("/admin/sign-in", { email: ada.email, password: NEW });
  assertEquals(first.location, "/admin/sign-in/code");
  assertEquals((await giveCode(visitor, codeAt(world, kept))).location, "/admin");
});

Deno.test("a link of a client opens nothing of an admin with the same address, nor the other way round", async () => {
  await using world = await openWorld();
  await world.db.update(admins).set({ email: alice.email });
  await ask(world, alice.email);
  const staff = await linkTo(world, alice.email);
  const client = await linkTo(world, alice.email, "/reset-password");
  const stranger = world.stranger();

  for (const path of [staff.replace("/admin", ""), `/admin${client}`]) {
    await assertUnknown(stranger, await stranger.get(path));
    await assertUnknown(stranger, await stranger.post(path, { password: NEW }));
  }
  assertEquals((await stranger.get(staff)).status, 200);
  assertEquals((await stranger.get(client)).status, 200);
});

Deno.test("a link that is old, or of an admin who was shut out, changes nothing", async () => {
  await using world = await openWorld();
  await ask(world, ada.email);
  const link = await linkTo(world, ada.email);
  const stranger = world.stranger();
  await world.db.update(admins).set({ deactivatedAt: world.time.now });
  const refused = await assertNothingWritten(world, () => stranger.post(link, { password: NEW }));
  await assertUnknown(stranger, refused);
  await world.db.update(admins).set({ deactivatedAt: null });
  world.time.now += HOUR / 2;
  assertEquals((await stranger.post(link, { password: NEW })).status, 410);

  await world.db.update(admins).set({ deactivatedAt: world.time.now });
  await world.db.update(users).set({ deactivatedAt: world.time.now })
    .where(eq(users.email, alice.email));
  world.time.now += DAY;
  const before = (await world.mails()).length;
  for (const email of [ada.email, alice.email]) await ask(world, email);
  assertEquals((await world.mails()).length, before, "nobody who is shut out gets one");
});

Deno.test("asvs V6.3.8: asking for a new password is the same work for every address", async () => {
  await using world = await openWorld({ slow: 1 });
  const costs: number[] = [];
  for (const email of [alice.email, ada.email, "nobody@nowhere.example"]) {
    await world.trips.begin();
    assertEquals((await ask(world, email)).status, 200);
    costs.push(world.trips.count());
  }
  assertEquals(costs, [2, 2, 2]);
  const { rows } = await world.db.$client.execute(
    "select subject from audit_log where action = 'reset_asked' order by id",
  );
  assertEquals(rows.map(({ subject }) => subject), ["client 1", "admin 1", "unknown address"]);
});
