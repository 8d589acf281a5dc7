import { assertEquals, assertStringIncludes } from "@std/assert";
import { admins, auditLog, sessions } from "../../../db/schema.ts";
import { randomToken, storeToken } from "../../../db/tokens.ts";
import { codeAt, setUpFactor, STEP, wrongCode } from "../../factors.ts";
import { assertNothingWritten } from "../../pages.ts";
import { openWorld, PASSWORD } from "../../world.ts";

const MINUTE = 60_000;
const path = "/admin/confirm";
const settings = "/admin/settings";
const required = { second_factor: "required" };

Deno.test("asvs V7.5.3: what is dangerous asks again ten minutes after the last proof, and goes on after it", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  world.time.now += 10 * MINUTE - 1;
  assertEquals((await ada.get(settings)).status, 200);
  world.time.now += 1;

  const asked = await ada.get(`${settings}?saved=1`);
  const confirm = `${path}?next=${encodeURIComponent(`${settings}?saved=1`)}`;
  assertEquals([asked.status, asked.location], [303, confirm]);
  assertEquals((await ada.get("/admin")).status, 200);
  const answer = await ada.fill(confirm, path, { password: PASSWORD });

  assertEquals([answer.status, answer.location], [303, `${settings}?saved=1`]);
  assertEquals((await ada.get(settings)).status, 200);
  assertEquals((await world.db.select().from(sessions).get())?.provenAt, world.time.now);
  assertEquals((await world.db.select().from(auditLog)).at(-1)?.action, "identity_confirmed");
});

Deno.test("asvs V7.5.3: a form sent without the proof does nothing, and leads back to its page", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  world.time.now += 11 * MINUTE;
  const headers = { Referer: `${world.url}${settings}?saved=1` };
  const back = `${path}?next=${encodeURIComponent(`${settings}?saved=1`)}`;

  for (const fields of [required, { second_factor: "nonsense" }]) {
    const plain = await assertNothingWritten(world, () => ada.post(settings, fields, { headers }));
    assertEquals([plain.status, plain.location], [303, back]);
  }
  const live = await assertNothingWritten(world, () =>
    ada.post(settings, required, {
      htmx: true,
      headers: { "HX-Current-URL": headers.Referer },
    }));
  assertEquals([live.status, live.headers.get("hx-redirect")], [403, back]);
});

Deno.test("what is refused stands in the log once", async () => {
  await using world = await openWorld();
  const { visitor: agent } = await world.hired("agent");
  const said: string[] = [];
  const { error: say } = console;
  console.error = (line: string) => said.push(line);
  try {
    assertEquals([(await agent.get(settings)).status, (await agent.post(settings, {})).status], [
      ...[403, 403],
    ]);
  } finally {
    console.error = say;
  }
  assertEquals(said.map((line) => JSON.parse(line).method), ["GET", "POST"]);
});

Deno.test("asvs V7.5.1: changing the second factor asks for the password and the code in force", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const kept = await setUpFactor(world, ada);
  world.time.now += 11 * MINUTE;
  const factor = "/admin/second-factor";
  for (const to of ["", "/confirmation", "/recovery-codes", "/removal"]) {
    const answer = await assertNothingWritten(world, () => ada.post(factor + to, { code: "1" }));
    assertEquals([to, answer.status], [to, 303]);
    assertStringIncludes(answer.location, path);
  }

  const wrong: Record<string, string>[] = [
    { password: PASSWORD },
    { password: PASSWORD, code: wrongCode(world, kept) },
    { password: "wrong", code: codeAt(world, kept) },
  ];
  for (const fields of wrong) {
    const answer = await assertNothingWritten(world, () => ada.post(path, fields));
    assertEquals([fields, answer.status], [fields, 422]);
  }
  const right = { password: PASSWORD, code: codeAt(world, kept), next: factor };
  const answer = await ada.post(path, right);
  assertEquals([answer.status, answer.location], [303, factor]);
  assertEquals((await ada.post(path, right)).status, 422);
  world.time.now += STEP;
  assertEquals(
    (await ada.post(path, { password: PASSWORD, code: kept.codes[0] ?? "" })).status,
    303,
  );
});

Deno.test("asvs V7.5.1: a new password stands in for no code", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  await setUpFactor(world, ada);
  world.time.now += 11 * MINUTE;

  const passwords = { current_password: PASSWORD, password: "a second kettle of tides" };
  assertEquals((await ada.post("/admin/account/password", passwords)).status, 303);
  const answer = await ada.get("/admin/second-factor");
  assertEquals([answer.status, answer.location.split("?")[0]], [303, path]);
});

Deno.test("wrong proofs are counted, and the eleventh is refused even if it is right", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (let n = 0; n < 10; n++) {
    assertEquals((await ada.post(path, { password: "wrong" })).status, 422);
  }
  assertEquals((await ada.post(path, { password: PASSWORD })).status, 429);
});

for (
  const next of ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:x"]
) {
  Deno.test(`confirming leads to no other site, whatever next is: ${next}`, async () => {
    await using world = await openWorld();
    const ada = await world.signedIn("ada");
    const answer = await ada.post(path, { password: PASSWORD, next });
    assertEquals([answer.status, answer.location], [303, "/admin"]);
  });
}

Deno.test("an owner makes the second factor required; whoever has none sets one up and can do nothing else", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const other = await world.signedIn("ada");

  const saved = await ada.fill(settings, settings, required);
  assertEquals([saved.status, saved.location], [303, `${settings}?saved=1`]);
  const row = (await world.db.select().from(auditLog)).at(-1);
  assertEquals(
    [row?.action, row?.before?.requireSecondFactor, row?.after?.requireSecondFactor],
    ["settings_saved", false, true],
  );
  const next = encodeURIComponent("/admin/bookings");
  assertEquals((await other.get("/admin/bookings")).location, `/admin/second-factor?next=${next}`);
  for (const route of ["POST /admin/categories", "POST /admin/settings", "GET /admin/emails"]) {
    const [method, to = ""] = route.split(" ");
    const answer = await assertNothingWritten(
      world,
      () =>
        method === "GET" ? ada.get(to) : ada.post(to, { ...required, name: "x", description: "x" }),
    );
    assertEquals([route, answer.status], [route, 303]);
    assertStringIncludes(answer.location, "/admin/second-factor");
  }

  const kept = await setUpFactor(world, ada);
  assertEquals((await ada.get("/admin/bookings")).status, 200);
  await ada.post("/admin/second-factor/removal", {});
  assertEquals((await ada.get("/admin/bookings")).status, 303);
  assertEquals((await ada.post("/sign-out", {})).status, 303);
  assertEquals(kept.codes.length, 10);
});

Deno.test("asvs V6.3.4: whoever is invited sets a second factor up first where one is required", async () => {
  await using world = await openWorld();
  await (await world.signedIn("ada")).post(settings, required);
  const invitation = randomToken();
  const mia = { email: "mia@connectpro.example", role: "owner" } as const;
  await storeToken(world.db, invitation, { purpose: "invitation", now: world.time.now, ...mia });
  const visitor = world.stranger();

  const form = { name: "Mia", password: PASSWORD };
  assertEquals((await visitor.post(`/admin/register/${invitation}`, form)).status, 303);
  const answer = await visitor.get("/admin");
  assertEquals([answer.status, answer.location.split("?")[0]], [303, "/admin/second-factor"]);
  await setUpFactor(world, visitor);
  assertEquals((await visitor.get("/admin")).status, 200);
});

Deno.test("asvs V8.2.1: only owners see and change the settings", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  for (const role of ["manager", "agent"] as const) {
    await world.db.update(admins).set({ role });
    assertEquals((await ada.get(settings)).status, 403);
    const answer = await assertNothingWritten(world, () => ada.post(settings, required));
    assertEquals(answer.status, 403);
  }
});

Deno.test("settings that are none are answered 422 and change nothing", async () => {
  await using world = await openWorld();
  const ada = await world.signedIn("ada");
  const wrong: Record<string, string | string[]>[] = [
    {},
    { second_factor: "maybe" },
    { second_factor: ["required", "optional"] },
  ];
  for (const fields of wrong) {
    const answer = await assertNothingWritten(world, () => ada.post(settings, fields));
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.text, 'href="#second_factor"');
  }
});
