import { assertEquals, assertStringIncludes } from "@std/assert";
import { ada, alice, HOUR } from "../cast.ts";
import { codeAt, giveCode, givePassword, setUpFactor, wrongCode } from "../factors.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const areas = [[alice.email, "/sign-in", "/account"], [
  ada.email,
  "/admin/sign-in",
  "/admin/account",
]] as const;
const subject = "Somebody signed in after many wrong tries";

async function alarmsTo(world: World, email: string) {
  const mails = await world.mails();
  return mails.filter((mail) => mail.toEmail === email && mail.subject.startsWith("Somebody"));
}

Deno.test("asvs V6.3.5: who gets in after five wrong passwords or more is told to the account's owner, once", async () => {
  await using world = await openWorld();
  for (const [email, door, account] of areas) {
    const give = (password: string) => world.stranger().post(door, { email, password });
    for (let n = 0; n < 4; n++) await give("not it");
    assertEquals((await give(PASSWORD)).status, 303);
    assertEquals(await alarmsTo(world, email), [], "four are a person's own mistakes");

    for (let n = 0; n < 5; n++) await give("not it");
    assertEquals(await alarmsTo(world, email), [], "nobody is in yet");
    assertEquals((await give(PASSWORD)).status, 303);
    assertEquals((await give(PASSWORD)).status, 303);
    const [alarm, ...more] = await alarmsTo(world, email);
    assertEquals([alarm?.subject, more], [subject, []]);
    assertStringIncludes(alarm?.text ?? "", `${world.url}${account}`);
  }
});

Deno.test("asvs V6.3.5: wrong tries count on a device that is let in, over a lock, and for a day", async () => {
  await using world = await openWorld();
  const owner = await world.signedIn("alice");
  await owner.post("/sign-out", {});
  const { email } = alice;
  for (let n = 0; n < 10; n++) {
    await world.stranger().post("/sign-in", { email, password: "not it" });
  }
  assertEquals((await owner.post("/sign-in", { email, password: PASSWORD })).status, 303);
  assertEquals((await alarmsTo(world, email)).length, 1);

  world.time.now += HOUR;
  for (let n = 0; n < 5; n++) {
    await world.stranger().post("/sign-in", { email, password: "not it" });
  }
  world.time.now += 25 * HOUR;
  assertEquals((await owner.post("/sign-in", { email, password: PASSWORD })).status, 303);
  assertEquals((await alarmsTo(world, email)).length, 1);
});

Deno.test("asvs V6.3.5: an admin hears that somebody has the password and tries codes", async () => {
  await using world = await openWorld();
  const kept = await setUpFactor(world, await world.signedIn("ada"));
  const other = await givePassword(world);
  for (let n = 0; n < 4; n++) await giveCode(other, wrongCode(world, kept));
  assertEquals(await alarmsTo(world, ada.email), []);

  await giveCode(other, wrongCode(world, kept));
  assertEquals((await alarmsTo(world, ada.email)).map((mail) => mail.subject), [
    "Somebody knows your password",
  ]);
  const own = await givePassword(world);
  assertEquals((await giveCode(own, codeAt(world, kept))).status, 303);
  assertEquals((await alarmsTo(world, ada.email)).map((mail) => mail.subject), [
    subject,
    "Somebody knows your password",
  ]);
});
