import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { admins, auditLog, recoveryCodes, sessions } from "../../../db/schema.ts";
import { randomToken, storeToken } from "../../../db/tokens.ts";
import { sealName } from "../../../routes/codes.ts";
import { importSeals } from "../../../routes/seals.ts";
import { ada, HOUR } from "../../cast.ts";
import {
  codeAt,
  giveCode,
  givePassword,
  type Kept,
  setUpFactor,
  STEP,
  wrongCode,
} from "../../factors.ts";
import { assertNothingWritten } from "../../pages.ts";
import type { Visitor } from "../../visitor.ts";
import { openWorld, PASSWORD, type World } from "../../world.ts";

const path = "/admin/sign-in/code";
const CHALLENGE = "__Host-connectpro-challenge";
const SESSION = "__Host-connectpro-admin";

async function withFactor(world: World): Promise<{ visitor: Visitor; kept: Kept }> {
  const visitor = await world.signedIn("ada");
  return { visitor, kept: await setUpFactor(world, visitor) };
}

const actions = async ({ db }: World) =>
  (await db.select().from(auditLog)).map((row) => row.action);

Deno.test("the password opens no session: the code does, and leads to where they wanted", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  const before = (await world.db.select().from(sessions)).length;

  const visitor = await givePassword(world, "/admin/payments?status=open");
  assertEquals((await visitor.get("/admin")).status, 303);
  assertEquals((await world.db.select().from(sessions)).length, before);
  const answer = await giveCode(visitor, codeAt(world, kept));

  assertEquals([answer.status, answer.location], [303, "/admin/payments?status=open"]);
  assert(!visitor.cookies.has(CHALLENGE), "the challenge is over");
  assertEquals((await visitor.get("/admin")).status, 200);
  assertEquals((await world.db.select().from(auditLog)).at(-1)?.after, { code: "app" });
});

Deno.test("asvs V6.5.1: a code works once, also when two give it at once", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  const [one, two] = [await givePassword(world), await givePassword(world)];
  const code = codeAt(world, kept);

  const answers = await Promise.all([giveCode(one, code), giveCode(two, code)]);
  assertEquals(answers.map(({ status }) => status).sort(), [303, 422]);
  const replayed = await giveCode(await givePassword(world), code);
  assertEquals(replayed.status, 422);
  assertStringIncludes(replayed.text, "used before");
  const earlier = await giveCode(await givePassword(world), codeAt(world, kept, -1));
  assertEquals(earlier.status, 422);
  assertEquals((await actions(world)).filter((action) => action === "code_refused").length, 3);
});

Deno.test("asvs V6.5.5: a code of the step before or after is right, one further away is wrong", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  for (const [steps, status] of [[-2, 422], [2, 422], [-1, 303], [1, 303]] as const) {
    world.time.now += 4 * STEP;
    const answer = await giveCode(await givePassword(world), codeAt(world, kept, steps));
    assertEquals([steps, answer.status], [steps, status]);
  }
});

Deno.test("asvs V6.6.3: the fifth wrong code ends the challenge, the right code included", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  const visitor = await givePassword(world);
  const challenge = visitor.cookies.get(CHALLENGE) ?? "";

  for (let n = 1; n <= 5; n++) {
    const answer = await giveCode(visitor, wrongCode(world, kept));
    assertEquals([n, answer.status], [n, 422]);
    assertStringIncludes(answer.text, n < 5 ? "not right" : "sign in again");
  }
  assertEquals((await visitor.get(path)).location, "/admin/sign-in");
  visitor.cookies.set(CHALLENGE, challenge);
  const sixth = await visitor.post(path, { code: codeAt(world, kept) });
  assertEquals(sixth.status, 429);
  assert(Number(sixth.headers.get("retry-after")) > 0);
  assertEquals((await visitor.get("/admin")).status, 303);
});

Deno.test("asvs V6.6.3: wrong codes are counted for the account over all its challenges", async () => {
  await using world = await openWorld();
  const { visitor: owner, kept } = await withFactor(world);
  for (let n = 0; n < 10; n++) {
    const answer = await giveCode(await givePassword(world), wrongCode(world, kept));
    assertEquals(answer.status, 422);
  }
  const elsewhere = await giveCode(await givePassword(world), codeAt(world, kept));
  assertEquals(elsewhere.status, 429);

  await owner.post("/sign-out", {});
  await owner.post("/admin/sign-in", { email: ada.email, password: PASSWORD });
  assertEquals((await giveCode(owner, codeAt(world, kept))).status, 303);
});

Deno.test("a challenge lasts five minutes", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  const visitor = await givePassword(world);
  world.time.now += 5 * 60_000 + 1000;

  const answer = await visitor.post(path, { code: codeAt(world, kept) });
  assertEquals([answer.status, answer.location], [303, "/admin/sign-in"]);
  assertEquals((await visitor.get(path)).location, "/admin/sign-in");
  assert(!visitor.cookies.has(SESSION));
});

Deno.test("asvs V6.5.1: a recovery code signs in once, however it is typed", async () => {
  await using world = await openWorld();
  const { kept: { codes: [code = "", other = ""] } } = await withFactor(world);
  const [one, two] = [await givePassword(world), await givePassword(world)];
  const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o");

  const answers = await Promise.all([giveCode(one, typed), giveCode(two, code)]);
  assertEquals(answers.map(({ status }) => status).sort(), [303, 422]);
  assertEquals((await giveCode(await givePassword(world), code)).status, 422);
  const used = (await world.db.select().from(recoveryCodes)).filter(({ usedAt }) => usedAt);
  assertEquals(used.length, 1);
  assertEquals((await giveCode(await givePassword(world), other)).status, 303);
});

Deno.test("a recovery code of another admin is worth nothing", async () => {
  await using world = await openWorld();
  const { kept: { codes: [code = ""] } } = await withFactor(world);
  const [row] = await world.db.select().from(admins);
  await world.db.insert(admins).values({
    ...row as typeof admins.$inferInsert,
    ...{ id: 2, email: "mia@connectpro.example" },
  });
  await world.db.update(recoveryCodes).set({ adminId: 2 });

  assertEquals((await giveCode(await givePassword(world), code)).status, 422);
});

Deno.test("asvs V6.3.4: an invitation gets nobody past the second factor", async () => {
  await using world = await openWorld();
  await withFactor(world);
  const visitor = world.stranger();

  const invitation = randomToken();
  await storeToken(world.db, invitation, {
    ...{ purpose: "invitation", now: world.time.now },
    ...{ email: ada.email, role: "owner" },
  });
  const form = { name: "Ada", password: "another kettle of tides" };
  const answer = await visitor.post(`/admin/register/${invitation}`, form);
  assertEquals(answer.status, 409);
  assertEquals((await visitor.get("/admin")).status, 303);
});

Deno.test("asvs V9.2.2: a challenge is no session, and a session no challenge", async () => {
  await using world = await openWorld();
  const { visitor: owner, kept } = await withFactor(world);
  const visitor = await givePassword(world);
  const challenge = visitor.cookies.get(CHALLENGE) ?? "";
  const session = owner.cookies.get(SESSION) ?? "";

  const posing = world.stranger();
  posing.cookies.set(SESSION, challenge);
  posing.cookies.set("__Host-connectpro", challenge);
  assertEquals((await posing.get("/admin")).status, 303);
  assertEquals((await posing.get("/dashboard")).status, 303);
  for (const token of [session, owner.cookies.get("__Host-connectpro-device") ?? "", "x"]) {
    const other = world.stranger();
    other.cookies.set(CHALLENGE, token);
    const answer = await other.post(path, { code: codeAt(world, kept) });
    assertEquals([answer.status, answer.location], [303, "/admin/sign-in"]);
  }
});

Deno.test("a challenge is worth nothing once its admin may not sign in", async () => {
  await using world = await openWorld();
  const { kept } = await withFactor(world);
  const visitor = await givePassword(world);
  await world.db.update(admins).set({ deactivatedAt: world.time.now });

  const answer = await visitor.post(path, { code: codeAt(world, kept) });
  assertEquals(answer.status, 422);
  assert(!visitor.cookies.has(SESSION));
});

Deno.test("asvs V11.1.1: a seed sealed with an older key opens and is sealed anew when it is used", async () => {
  const older = { kid: "older", secret: "o".repeat(43) };
  const keys = [{ kid: "newer", secret: "n".repeat(43) }, older];
  await using world = await openWorld({ keys });
  const { kept } = await withFactor(world);
  const { seal, open } = await importSeals([older]);
  const old = await seal(kept.seed, sealName(1));
  await world.db.update(admins).set({ totpSeed: old });

  assertEquals((await giveCode(await givePassword(world), codeAt(world, kept))).status, 303);
  const sealed = (await world.db.select().from(admins).get())?.totpSeed ?? "";
  assert(sealed.startsWith("newer:"), sealed.slice(0, 10));
  assertEquals(await open(sealed, sealName(1)), null);
  world.time.now += HOUR;
  assertEquals((await giveCode(await givePassword(world), codeAt(world, kept))).status, 303);
});

for (
  const code of [
    "",
    " ",
    "12345",
    "1234567",
    "abcdef",
    "x".repeat(41),
    "１２３４５６",
    "' or 1=1 --",
  ]
) {
  Deno.test(`the code ${JSON.stringify(code.slice(0, 12))} is answered 422 and opens nothing`, async () => {
    await using world = await openWorld();
    await withFactor(world);
    const visitor = await givePassword(world);

    const answer = await assertNothingWritten(world, () => visitor.post(path, { code }));
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, 'href="#code"');
    assert(!visitor.cookies.has(SESSION));
  });
}
