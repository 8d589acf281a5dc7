import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { and, eq, isNull } from "drizzle-orm";
import { admins, auditLog, recoveryCodes, sessions } from "../../../db/schema.ts";
import { ada } from "../../cast.ts";
import { beginFactor, codeAt, codesOn, keyOn, setUpFactor, wrongCode } from "../../factors.ts";
import { assertBothSizes, assertNothingWritten } from "../../pages.ts";
import { openWorld, PASSWORD, type World } from "../../world.ts";

const path = "/admin/second-factor";
const factorOf = async ({ db }: World) => (await db.select().from(admins).get());

async function actions({ db }: World): Promise<string[]> {
  const rows = await db.select({ action: auditLog.action }).from(auditLog).orderBy(auditLog.id);
  return rows.map(({ action }) => action).filter((action) => action !== "sign_in");
}

Deno.test("asvs V6.3.3: a second factor is in force after its first code, with ten recovery codes", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  await assertNothingWritten(world, () => assertBothSizes(visitor, path));

  const begun = await visitor.fill(path, path);
  assertEquals([begun.status, begun.location], [303, path]);
  const waiting = await assertBothSizes(visitor, path);
  assertMatch(waiting.text, /<svg class="qr"[^>]*role="img"/);
  assert(!/ style=/.test(waiting.text), "the code is drawn without inline style");
  const seed = keyOn(waiting) ?? "";
  assertEquals((await factorOf(world))?.totpConfirmedAt, null);

  const code = codeAt(world, { seed });
  const confirmed = await visitor.post(`${path}/confirmation`, { code });
  assertEquals(confirmed.status, 200);
  assertEquals(confirmed.headers.get("cache-control"), "private, no-store");
  const codes = codesOn(confirmed.text);
  assertEquals(new Set(codes).size, 10);
  assertEquals((await factorOf(world))?.totpConfirmedAt, world.time.now);
  assertEquals((await world.db.select().from(recoveryCodes)).length, 10);
  assertEquals(await actions(world), ["second_factor_begun", "second_factor_on"]);
  const signIn = await world.stranger().post("/admin/sign-in", { ...ada, password: PASSWORD });
  assertEquals([signIn.status, signIn.location], [303, "/admin/sign-in/code"]);
});

Deno.test("asvs V6.5.2: what lets somebody in is shown once and kept sealed or hashed", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const lines: unknown[] = [];
  using _log = stub(console, lines);
  const { seed, codes } = await setUpFactor(world, visitor);

  await visitor.post(`${path}/confirmation`, { code: codes[0] ?? "" });
  const pages = await Promise.all(
    [path, "/admin", "/admin/settings", "/admin/emails"].map((page) => visitor.get(page)),
  );
  const rows = await Promise.all(
    [admins, recoveryCodes, auditLog, sessions].map((table) => world.db.select().from(table)),
  );
  const traces = JSON.stringify([pages.map(({ text }) => text), rows, lines, await world.mails()]);
  for (const secret of [seed, ...codes, ...codes.map((code) => code.replaceAll("-", ""))]) {
    assert(!traces.includes(secret), "a secret is somewhere");
  }
});

/** Hears what is logged meanwhile. */
function stub(of: Console, lines: unknown[]): Disposable {
  const { log, error } = of;
  of.log = of.error = (...said) => void lines.push(said);
  return { [Symbol.dispose]: () => void Object.assign(of, { log, error }) };
}

Deno.test("a first code that is wrong is answered 422 with the same key, and nothing is in force", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const seed = await beginFactor(visitor);

  for (const code of [wrongCode(world, { seed }), codeAt(world, { seed }, 2), "12345", "abc", ""]) {
    const answer = await assertNothingWritten(
      world,
      () => visitor.post(`${path}/confirmation`, { code }),
    );
    assertEquals([code, answer.status], [code, 422]);
    assertStringIncludes(answer.text, 'href="#code"');
    assertEquals(keyOn(answer), seed);
  }
});

Deno.test("starting again shows another key, and the first one's codes are worth nothing", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const first = await beginFactor(visitor);
  const sealed = (await factorOf(world))?.totpSeed;
  const second = await beginFactor(visitor);

  assertNotEquals(first, second);
  assertNotEquals((await factorOf(world))?.totpSeed, sealed);
  const answer = await visitor.post(`${path}/confirmation`, {
    code: codeAt(world, { seed: first }),
  });
  assertEquals(answer.status, 422);
});

Deno.test("a factor in force is neither begun nor confirmed again", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const kept = await setUpFactor(world, visitor);

  for (const to of [path, `${path}/confirmation`]) {
    const answer = await assertNothingWritten(
      world,
      () => visitor.post(to, { code: codeAt(world, kept) }),
    );
    assertEquals([to, answer.status], [to, 409]);
  }
});

Deno.test("without a factor in force there is nothing to turn off and no codes to make", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");

  for (const to of ["/removal", "/recovery-codes", "/confirmation"]) {
    const answer = await assertNothingWritten(
      world,
      () => visitor.post(path + to, { code: "123456" }),
    );
    assertEquals([to, answer.status], [to, 409]);
  }
});

Deno.test("asvs V7.4.3: turning a factor on or off ends the admin's other sessions", async () => {
  await using world = await openWorld();
  const [visitor, other] = [await world.signedIn("ada"), await world.signedIn("ada")];
  const kept = await setUpFactor(world, visitor);
  assertEquals((await other.get("/admin")).status, 303);

  const answer = await visitor.fill(path, `${path}/removal`);
  assertEquals([answer.status, answer.location], [303, path]);
  const { totpSeed, totpConfirmedAt, totpStep } = await factorOf(world) ?? {};
  assertEquals([totpSeed, totpConfirmedAt, totpStep], [null, null, null]);
  assertEquals(await world.db.select().from(recoveryCodes), []);
  assertEquals((await actions(world)).at(-1), "second_factor_off");
  assertEquals((await (await world.signedIn("ada")).get("/admin")).status, 200);
  assert(kept.codes.length > 0);
});

Deno.test("new recovery codes replace the old ones", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const kept = await setUpFactor(world, visitor);
  assertStringIncludes((await visitor.get(path)).text, "10 recovery codes are left");

  const answer = await visitor.fill(path, `${path}/recovery-codes`);
  assertEquals(answer.status, 200);
  const codes = codesOn(answer.text);
  assertEquals([codes.length, codes.filter((code) => kept.codes.includes(code))], [10, []]);
  assertEquals((await world.db.select().from(recoveryCodes)).length, 10);
  assertEquals((await actions(world)).at(-1), "recovery_codes_renewed");
});

Deno.test("of two confirmations at once one wins, and its recovery codes are the ones that count", async () => {
  await using world = await openWorld();
  const visitor = await world.signedIn("ada");
  const seed = await beginFactor(visitor);
  const confirm = () => visitor.post(`${path}/confirmation`, { code: codeAt(world, { seed }) });

  const answers = await Promise.all([confirm(), confirm()]);
  assertEquals(answers.map(({ status }) => status).sort(), [200, 409]);
  const unused = and(eq(recoveryCodes.adminId, 1), isNull(recoveryCodes.usedAt));
  assertEquals((await world.db.select().from(recoveryCodes).where(unused)).length, 10);
});
