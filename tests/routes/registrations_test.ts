import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findUserByEmail } from "../../db/users.ts";
import { alice, bookingIn, HOUR } from "../cast.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };

/** The path of the first link to `place` in the newest mail to `email`. */
async function linkTo(world: World, place: string, email: string): Promise<string> {
  const mail = (await world.mails()).find(({ toEmail }) => toEmail === email);
  const link = mail?.text.match(new RegExp(`${world.url}(${place}/[\\w-]+)`))?.[1];
  if (!link) throw new Error(`no link to ${place} in: ${mail?.text}`);
  return link;
}

Deno.test("registering makes an account that signs in once its address is confirmed by a click", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();

  const answer = await visitor.post("/register", { ...grace, password: PASSWORD });
  assertEquals(answer.status, 200);
  assertStringIncludes(answer.text, "Check your mail");

  const early = await visitor.post("/sign-in", { email: grace.email, password: PASSWORD });
  assertEquals(early.status, 422);
  assertStringIncludes(early.text, "Confirm your address first");

  const link = await linkTo(world, "/verify-email", grace.email);
  assertEquals((await visitor.get(link)).status, 200);
  assertEquals((await findUserByEmail(world.db, grace.email))?.emailVerifiedAt, null);
  const confirmed = await visitor.fill(link, link);
  assertEquals([confirmed.status, confirmed.location], [303, "/dashboard"]);
  assertEquals((await visitor.get("/dashboard")).status, 200);

  assertEquals((await world.stranger().get(link)).status, 410);
  const again = await world.stranger().post("/sign-in", { email: grace.email, password: PASSWORD });
  assertEquals(again.status, 303);
});

Deno.test("registering an address that has an account reads the same, changes nothing and mails its owner", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  const before = await findUserByEmail(world.db, alice.email);

  const known = await visitor.post("/register", {
    ...alice,
    name: "Mallory",
    password: "mallory's own",
  });
  const unknown = await visitor.post("/register", { ...grace, password: "mallory's own" });

  assertEquals([known.status, unknown.status], [200, 200]);
  assertEquals(known.text.replaceAll(alice.email, grace.email), unknown.text);
  assertEquals(await findUserByEmail(world.db, alice.email), before);
  assertMatch(await linkTo(world, "/reset-password", alice.email), /^\/reset-password\//);
});

Deno.test("registering the address of a guest leads its owner to the claim, not the stranger in", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  const form = { ...grace, service: "landing-page", urgency: "low", details: "A page." };
  await visitor.post("/bookings", form);

  await visitor.post("/register", { ...grace, password: "mallory's own" });

  const link = await linkTo(world, "/claim", grace.email);
  const refused = await visitor.post("/sign-in", { email: grace.email, password: "mallory's own" });
  assertEquals(refused.status, 422);
  assertEquals((await visitor.post(link, { password: PASSWORD })).status, 303);
});

Deno.test("a reset link chooses a new password once, within 30 minutes, and ends every session", async () => {
  await using world = await openWorld();
  const old = await world.signedIn("alice");
  const visitor = world.stranger();

  const asked = await visitor.post("/reset-password", { email: alice.email });
  const nobody = await visitor.post("/reset-password", { email: grace.email });
  assertEquals([asked.status, asked.text.replaceAll(alice.email, grace.email)], [200, nobody.text]);
  const link = await linkTo(world, "/reset-password", alice.email);

  const short = await visitor.post(link, { password: "7 chars" });
  assertEquals(short.status, 422);
  const chosen = await visitor.post(link, { password: "a new tide of kettles" });
  assertEquals([chosen.status, chosen.location], [303, "/dashboard"]);
  assertEquals((await old.get("/dashboard")).status, 303);
  assertEquals((await visitor.get("/dashboard")).status, 200);
  assertEquals((await visitor.post(link, { password: "another one" })).status, 410);
  assertEquals(
    (await visitor.post("/sign-in", { email: alice.email, password: PASSWORD })).status,
    422,
  );

  world.time.now += HOUR;
  await visitor.post("/reset-password", { email: alice.email });
  const late = await linkTo(world, "/reset-password", alice.email);
  world.time.now += HOUR / 2;
  assertEquals((await visitor.get(late)).status, 410);
});

Deno.test("choosing a password ends the other links of the account", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  const form = { ...grace, service: "landing-page", urgency: "low", details: "A page." };
  await visitor.post("/bookings", form);
  await visitor.post("/bookings", { ...form, details: "Another." });
  const claims = (await world.mails()).flatMap(({ text }) => text.match(/\/claim\/[\w-]+/) ?? []);
  const [first = "", second = ""] = claims;
  assert(first !== second && second, "two mails, two links");

  assertEquals((await visitor.post(first, { password: PASSWORD })).status, 303);
  assertEquals((await visitor.get(second)).status, 404);
});

for (
  const [field, value] of [["email", "no address"], ["name", " "], ["password", "1234567"], [
    "password",
    "x".repeat(129),
  ]] as const
) {
  Deno.test(`registering with a bad ${field} of ${value.length} characters is answered 422 and writes nothing`, async () => {
    await using world = await openWorld();
    const answer = await world.stranger().post("/register", {
      ...grace,
      password: PASSWORD,
      [field]: value,
    });

    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, `href="#${field}"`);
    assertEquals(await findUserByEmail(world.db, grace.email), undefined);
    assertEquals(await world.mails(), []);
  });
}

Deno.test("a stranger's registration does not hide the claim from the guest who books", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  await visitor.post("/register", { ...grace, password: "mallory's own" });
  world.time.now += HOUR;
  await visitor.post("/bookings", {
    ...grace,
    service: "landing-page",
    urgency: "low",
    details: "A page.",
  });

  const link = await linkTo(world, "/claim", grace.email);
  assertEquals((await visitor.post(link, { password: PASSWORD })).status, 303);
  assertEquals(
    (await visitor.post("/sign-in", { email: grace.email, password: "mallory's own" })).status,
    422,
  );
  assert((await bookingIn(world.cast, "pending")).claimed, "Alice's account is claimed");
});
