import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { eq } from "drizzle-orm";
import { auditLog, users } from "../../db/schema.ts";
import { alice, bob, DAY } from "../cast.ts";
import { assertNothingWritten } from "../pages.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const NEW = "alice@meyer.example";

/** The path of the link in the newest mail to `email` that has one. */
async function linkAt(world: World, email: string): Promise<string> {
  const mails = (await world.mails()).filter(({ toEmail }) => toEmail === email);
  const [link] = mails.flatMap(({ text }) => text.match(/\/confirm-email\/[\w-]+/) ?? []);
  if (!link) throw new Error(`no link for ${email}`);
  return link;
}

const ask = (visitor: Visitor, email = NEW, email_password = PASSWORD) =>
  visitor.post("/account/email", { email, email_password });

/** Alice has asked for the new address: the links at the old and the new one. */
async function asked() {
  const world = await openWorld();
  const own = await world.signedIn("alice");
  await ask(own);
  return { world, own, old: await linkAt(world, alice.email), fresh: await linkAt(world, NEW) };
}

const signsIn = async (world: World, email: string) =>
  (await world.stranger().post("/sign-in", { email, password: PASSWORD })).status === 303;
const addressOf = async (world: World) =>
  (await world.db.select().from(users).where(eq(users.id, world.cast.alice.id as number)))[0]
    ?.email;

Deno.test("asvs V6.3.7: an address changes when both have confirmed it by a click, and both hear of it", async () => {
  for (const first of ["old", "fresh"] as const) {
    const { world, own, ...links } = await asked();
    await using _ = world;
    const second = first === "old" ? "fresh" : "old";
    const stranger = world.stranger();

    assertStringIncludes((await stranger.get(links[first])).text, NEW);
    const waiting = await stranger.fill(links[first], links[first]);
    assertEquals([waiting.status, stranger.cookies.size], [200, 0]);
    assertStringIncludes(waiting.text, "One more click");
    assertEquals([await addressOf(world), await signsIn(world, NEW)], [alice.email, false]);

    const done = await stranger.fill(links[second], links[second]);
    assertEquals([done.status, stranger.cookies.size], [200, 0]);
    assertStringIncludes(done.text, "Your address was changed");
    assertEquals([await signsIn(world, NEW), await signsIn(world, alice.email)], [true, false]);
    assertEquals((await own.get("/account")).status, 200);

    const told = (await world.mails()).filter(({ subject }) => subject.includes("was changed"));
    assertEquals(told.map(({ toEmail }) => toEmail).sort(), [NEW, alice.email].sort());
    const log = await world.db.select().from(auditLog);
    const entry = log.find(({ action }) => action === "email_changed");
    assertEquals([entry?.before, entry?.after], [{ email: alice.email }, { email: NEW }]);
    for (const link of [links.old, links.fresh]) {
      assertEquals((await stranger.post(link, {})).status, 410);
    }
  }
});

Deno.test("both links clicked at once change the address once", async () => {
  const { world, old, fresh } = await asked();
  await using _ = world;
  const stranger = world.stranger();
  const answers = await Promise.all(
    [old, fresh, old, fresh].map((link) => stranger.post(link, {})),
  );

  assertEquals(answers.filter(({ text }) => text.includes("One more click")).length, 1);
  assertEquals(answers.filter(({ text }) => text.includes("Your address was changed")).length, 1);
  assertEquals(await addressOf(world), NEW);
  const log = await world.db.select().from(auditLog);
  assertEquals(log.filter(({ action }) => action === "email_changed").length, 1);
});

Deno.test("asvs V6.3.8: an address that has an account reads the same, gets no link and stays whose it is", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  const [free, taken] = [await ask(own), await ask(own, bob.email)];
  assertEquals([free.status, free.location], [303, "/account?done=email"]);
  assertEquals([taken.status, taken.location], [303, "/account?done=email"]);

  const mail = (await world.mails()).find(({ toEmail }) => toEmail === bob.email);
  assertEquals(mail?.subject, "This address has an account already");
  assert(!mail?.text.includes("/confirm-email/"));
  const old = await linkAt(world, alice.email);
  assertStringIncludes((await own.post(old, {})).text, "One more click");
  assertEquals(await addressOf(world), alice.email);
});

Deno.test("an address that was taken after the links were sent is left to its new account", async () => {
  const { world, old, fresh } = await asked();
  await using _ = world;
  await world.db.update(users).set({ email: NEW }).where(eq(users.email, bob.email));
  const stranger = world.stranger();

  assertEquals((await stranger.post(old, {})).status, 200);
  const refused = await assertNothingWritten(world, () => stranger.post(fresh, {}));
  assertEquals(refused.status, 409);
  assertStringIncludes(refused.text, "has an account already");
});

Deno.test("a newer wish, a changed password or a day ends the links; a wrong password makes none", async () => {
  const { world, own, old, fresh } = await asked();
  await using _ = world;
  const stranger = world.stranger();
  await ask(own, "other@meyer.example");
  for (const link of [old, fresh]) assertEquals((await stranger.get(link)).status, 410);

  const next = await linkAt(world, "other@meyer.example");
  const sent = { current_password: PASSWORD, password: "seven kettles of one tide" };
  assertEquals((await own.post("/account/password", sent)).status, 303);
  assertEquals((await stranger.get(next)).status, 404);

  world.time.now += DAY / 2;
  await ask(own, NEW, sent.password);
  const late = await linkAt(world, NEW);
  world.time.now += DAY;
  assertEquals((await stranger.post(late, {})).status, 410);
  assertEquals(await addressOf(world), alice.email);
});

Deno.test("a change of address needs the password and an address that is another one", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  const bad: [Record<string, string>, string][] = [
    [{ email: NEW, email_password: "wrong one" }, "#email_password"],
    [{ email: NEW }, "#email_password"],
    [{ email: "no address", email_password: PASSWORD }, "#email"],
    [{ email: ` ${alice.email.toUpperCase()}`, email_password: PASSWORD }, "#email"],
    [{ email: "a@b.example\r\nBcc: c@d.example", email_password: PASSWORD }, "#email"],
  ];
  for (const [sent, field] of bad) {
    const act = () => own.post("/account/email", sent);
    const answer = await assertNothingWritten(world, act);
    assertEquals([sent, answer.status], [sent, 422]);
    assertStringIncludes(answer.text, `href="${field}"`);
  }
  assertEquals(await world.mails(), []);
  const stranger = world.stranger();
  assertEquals((await stranger.get("/confirm-email/unknown")).status, 404);
  assertEquals((await ask(stranger)).location, "/sign-in");
});
