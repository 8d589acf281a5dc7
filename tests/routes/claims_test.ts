import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { users } from "../../db/schema.ts";
import { randomToken, storeToken } from "../../db/tokens.ts";
import { findUserByEmail } from "../../db/users.ts";
import { DAY, PRICED } from "../cast.ts";
import { assertNothingWritten, assertUnknown } from "../pages.ts";
import { openWorld, type World } from "../world.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };
const password = "a lamp of nine winters";
const usedUp = "This link was used already or is too old. Ask for a new one.";

/** Grace books as a guest; the path of the link in her mail. */
async function mailedLink(world: World): Promise<string> {
  const wish = { ...grace, service: PRICED, urgency: "low", details: "A page." };
  await world.stranger().post("/bookings", wish);
  const mail = (await world.mails()).find(({ toEmail }) => toEmail === grace.email);
  return mail?.text.match(/\/claim\/[\w-]{43}/)?.[0] ?? "no link";
}

/** A link of another kind, or for another time, than the mail's. */
async function storedLink(world: World, purpose: "claim" | "invitation" | "setup") {
  const token = randomToken();
  const userId = (await findUserByEmail(world.db, grace.email))?.id;
  await storeToken(world.db, token, { purpose, userId, now: world.time.now });
  return `/claim/${token}`;
}

Deno.test("the link in the mail makes a guest's account theirs, once", async () => {
  await using world = await openWorld();
  const link = await mailedLink(world);
  const guest = world.stranger();

  const page = await guest.get(link);
  assertEquals(page.status, 200);
  assertStringIncludes(page.text, grace.email);
  const answer = await guest.fill(link, link, { password });
  assertEquals([answer.status, answer.location], [303, "/dashboard"]);
  assertMatch(answer.headers.getSetCookie()[0] ?? "", /^__Host-connectpro=ey.*SameSite=Lax/);
  assertStringIncludes((await guest.get("/dashboard")).text, 'data-status="pending"');
  const account = await findUserByEmail(world.db, grace.email);
  assertEquals(account?.emailVerifiedAt, world.time.now);

  const other = world.stranger();
  const again = [
    await other.get(link),
    await assertNothingWritten(world, () => other.post(link, { password: "another password" })),
  ];
  for (const { status, text } of again) {
    assertEquals(status, 410);
    assertStringIncludes(text, usedUp);
  }
  const signIn = { email: grace.email, password };
  assertEquals((await other.post("/sign-in", signIn)).status, 303);
});

Deno.test("of five who use one link at once, one gets in", async () => {
  await using world = await openWorld();
  const link = await mailedLink(world);

  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => world.stranger().post(link, { password: `password of ${n}` })),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [303, 410, 410, 410, 410]);
  const winner = answers.findIndex(({ status }) => status === 303) + 1;
  for (const n of [1, 2, 3, 4, 5]) {
    const sent = { email: grace.email, password: `password of ${n}` };
    const { status } = await world.stranger().post("/sign-in", sent);
    assertEquals([n, status], [n, n === winner ? 303 : 422]);
  }
});

Deno.test("a link we never gave, or gave for something else, is not found; an old one is gone", async () => {
  await using world = await openWorld();
  const link = await mailedLink(world);
  const stranger = world.stranger();

  const others = [
    "/claim/x",
    `/claim/${"A".repeat(43)}`,
    "/claim/%00",
    await storedLink(world, "invitation"),
    await storedLink(world, "setup"),
  ];
  for (const path of others) {
    await assertUnknown(stranger, await stranger.get(path));
    await assertUnknown(stranger, await stranger.post(path, { password }));
  }
  world.time.now += 7 * DAY;
  for (const answer of [await stranger.get(link), await stranger.post(link, { password })]) {
    assertEquals(answer.status, 410);
    assertStringIncludes(answer.text, usedUp);
  }
  assertEquals((await findUserByEmail(world.db, grace.email))?.passwordHash, null);
});

Deno.test("a password has 8 to 128 characters, spaces and all", async () => {
  await using world = await openWorld();
  await mailedLink(world);
  const [few, many] = [
    "A password needs 8 characters or more.",
    "A password may have 128 characters.",
  ];
  const wrong: [Record<string, string | string[]>, string][] = [
    [{ password: "x".repeat(7) }, few],
    [{ password: "" }, few],
    [{ password: "x".repeat(129) }, many],
    [{}, "Choose a password."],
    [{ password: ["password one", "password two"] }, "Choose a password."],
  ];

  const link = await storedLink(world, "claim");
  for (const [sent, sentence] of wrong) {
    const answer = await assertNothingWritten(world, () => world.stranger().post(link, sent));
    assertEquals([sent, answer.status], [sent, 422]);
    assertStringIncludes(answer.text, `<a href="#password">${sentence}</a>`);
    assertStringIncludes(answer.text, 'id="password-error"');
  }
  for (const right of ["x".repeat(8), "x".repeat(128), "  Käse 🧀 "]) {
    const path = await storedLink(world, "claim");
    assertEquals((await world.stranger().post(path, { password: right })).status, 303);
    const signIn = (typed: string) =>
      world.stranger().post("/sign-in", { email: grace.email, password: typed });
    assertEquals((await signIn(right)).status, 303);
    assertEquals((await signIn(right.slice(0, -1))).status, 422);
  }
});

Deno.test("choosing a password ends the sessions that were open before", async () => {
  await using world = await openWorld();
  await mailedLink(world);
  const [before, after] = [world.stranger(), world.stranger()];
  await before.post(await storedLink(world, "claim"), { password });
  assertEquals((await before.get("/dashboard")).status, 200);

  await after.post(await storedLink(world, "claim"), { password });
  assertEquals((await before.get("/dashboard")).status, 303);
  assertEquals((await after.get("/dashboard")).status, 200);
  assertEquals((await world.db.select().from(users)).length, 3);
});
