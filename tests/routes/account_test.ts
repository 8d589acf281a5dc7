import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { desc, eq } from "drizzle-orm";
import { auditLog, sessions, users } from "../../db/schema.ts";
import { alice, DAY } from "../cast.ts";
import { assertBothSizes, assertNothingWritten, assertUnknown } from "../pages.ts";
import { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const NEW = "seven kettles of one tide";
const areas = [
  { who: "alice", base: "/account", home: "/dashboard", door: "/sign-in" },
  { who: "ada", base: "/admin/account", home: "/admin", door: "/admin/sign-in" },
] as const;

const actions = async (world: World) =>
  (await world.db.select().from(auditLog).orderBy(desc(auditLog.id))).map(({ action }) => action);

/** The addresses that the page's buttons to end one session post to. */
const endings = (html: string) =>
  [...html.matchAll(/action="([^"]*\/sessions\/[0-9a-f]{24}\/end)"/g)].map(([, path = ""]) => path);

/** A second browser with the same cookies. */
function copyOf(visitor: Visitor): Visitor {
  const copy = new Visitor(visitor.url);
  for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
  return copy;
}

Deno.test("asvs V7.5.2: the account page lists one's own sessions and no keys to them", async () => {
  await using world = await openWorld();
  for (const { who, base, door } of areas) {
    const own = await world.signedIn(who);
    const firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";
    const email = who === "alice" ? alice.email : "ada@connectpro.example";
    const there = world.stranger();
    const form = { email, password: PASSWORD };
    await there.post(door, form, { headers: { "User-Agent": firefox } });

    const page = await assertBothSizes(own, base);
    assertStringIncludes(page.text, "Firefox on Windows");
    assertEquals(page.text.match(/>This one</g)?.length, 1);
    assertEquals(endings(page.text).length, 1);
    for (const { id } of await world.db.select().from(sessions)) assert(!page.text.includes(id));
  }
  await world.signedIn("bob");
  assertEquals(endings((await (await world.signedIn("alice")).get("/account")).text).length, 2);
});

Deno.test("asvs V7.4.1: ending a session on the account page ends it everywhere, and no other", async () => {
  await using world = await openWorld();
  for (const { who, base, home } of areas) {
    const [own, there, third] = [
      await world.signedIn(who),
      await world.signedIn(who),
      await world.signedIn(who),
    ];
    const copied = copyOf(there);
    const [, path = ""] = endings((await third.get(base)).text).toReversed();

    const answer = await third.post(path, {});
    assertEquals([answer.status, answer.location], [303, `${base}?done=session`]);
    const left = await Promise.all([own, there, copied, third].map((one) => one.get(home)));
    assertEquals(left.map(({ status }) => status), [200, 303, 303, 200]);
    await assertUnknown(third, await third.post(path, {}));
    assertEquals((await actions(world))[0], "session_ended");
  }
});

Deno.test("nobody ends the session of somebody else", async () => {
  await using world = await openWorld();
  const [own, there] = [await world.signedIn("alice"), await world.signedIn("alice")];
  const [path = ""] = endings((await own.get("/account")).text);
  const bob = await world.signedIn("bob");

  await assertUnknown(bob, await assertNothingWritten(world, () => bob.post(path, {})));
  await assertUnknown(bob, await bob.post("/account/sessions/unknown/end", {}));
  assertEquals((await bob.post("/account/sessions/end", {})).status, 303);
  assertEquals((await there.get("/dashboard")).status, 200);
  assertEquals((await world.stranger().post(path, {})).location, "/sign-in");
});

Deno.test("asvs V7.4.3: all other sessions end with one button", async () => {
  await using world = await openWorld();
  for (const { who, base, home } of areas) {
    const [own, there, third] = [
      await world.signedIn(who),
      await world.signedIn(who),
      await world.signedIn(who),
    ];
    assertEquals((await own.fill(base, `${base}/sessions/end`)).status, 303);
    const left = await Promise.all([own, there, third].map((one) => one.get(home)));
    assertEquals(left.map(({ status }) => status), [200, 303, 303]);
    assert(!(await own.get(base)).text.includes("End all others"));
  }
  const others = await world.db.select().from(sessions);
  assertEquals(others.length, 2);
});

Deno.test("asvs V6.2.2 V7.2.4: a changed password goes on here under a new session and ends all others", async () => {
  await using world = await openWorld();
  for (const { who, base, home, door } of areas) {
    const [own, there] = [await world.signedIn(who), await world.signedIn(who)];
    const old = copyOf(own);
    const before = new Set((await world.db.select().from(sessions)).map(({ id }) => id));

    const sent = { current_password: PASSWORD, password: NEW };
    const answer = await own.fill(base, `${base}/password`, sent);
    assertEquals([answer.status, answer.location], [303, `${base}?done=password`]);
    assertStringIncludes((await own.get(answer.location)).text, "Your password was changed.");
    const left = await Promise.all([own, there, old].map((one) => one.get(home)));
    assertEquals(left.map(({ status }) => status), [200, 303, 303]);

    const email = who === "alice" ? alice.email : "ada@connectpro.example";
    const tries = [PASSWORD, NEW].map((password) =>
      world.stranger().post(door, { email, password })
    );
    assertEquals((await Promise.all(tries)).map(({ status }) => status), [422, 303]);
    const kept = (await world.db.select().from(sessions)).filter(({ id }) => before.has(id));
    assertEquals(kept.filter(({ userId }) => (userId === null) === (who === "ada")), []);
    assert((await actions(world)).includes("password_changed"));
    const mail = (await world.mails()).find(({ toEmail }) => toEmail === email);
    assertEquals(mail?.subject, "Your password was changed");
    assertStringIncludes(mail?.text ?? "", `${world.url}${base}`);
  }
});

Deno.test("asvs V6.2.3: without the present password nothing changes, and tries are few", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  const bad = [
    [{ current_password: "wrong one", password: NEW }, "#current_password"],
    [{ password: NEW }, "#current_password"],
    [{ current_password: "", password: NEW }, "#current_password"],
    [{ current_password: PASSWORD, password: "7 chars" }, "#password"],
    [{ current_password: PASSWORD, password: "password" }, "#password"],
    [{ current_password: PASSWORD, password: "Alice-2026" }, "#password"],
    [{ current_password: PASSWORD }, "#password"],
  ] as const;
  for (const [sent, field] of bad) {
    const answer = await assertNothingWritten(world, () => own.post("/account/password", sent));
    assertEquals([sent, answer.status], [sent, 422]);
    assertStringIncludes(answer.text, `href="${field}"`);
    for (const word of [PASSWORD, NEW]) assert(!answer.text.includes(word), "nothing is echoed");
  }
  assert((await actions(world)).includes("password_refused"));

  const guess = () => own.post("/account/password", { current_password: "guess", password: NEW });
  const ends = [];
  for (let n = 0; n < 8; n++) ends.push(await guess());
  assertEquals(ends.at(-1)?.status, 429);
  assertMatch(ends.at(-1)?.headers.get("retry-after") ?? "", /^\d+$/);
});

Deno.test("of two password changes at once one holds and the other is told", async () => {
  await using world = await openWorld();
  const [one, two] = [await world.signedIn("alice"), await world.signedIn("alice")];
  const change = (visitor: Visitor, password: string) =>
    visitor.post("/account/password", { current_password: PASSWORD, password });

  const answers = await Promise.all([change(one, `${NEW} one`), change(two, `${NEW} two`)]);
  const statuses = answers.map(({ status }) => status).sort();
  // Whoever comes after the other's write is signed out already.
  assertEquals(statuses[0], 303);
  assert(statuses[1] === 409 || statuses[1] === 303, `${statuses}`);
  assertEquals((await world.db.select().from(sessions)).length, 1);
  assertEquals((await actions(world)).filter((action) => action === "password_changed").length, 1);
});

Deno.test("a client changes name, phone and company; the log says which, not what", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  const sent = { name: " Alice  M. ", phone: "+49 30 1234", company: "<b>Northwind</b>" };
  const answer = await own.post("/account/profile", sent);
  assertEquals([answer.status, answer.location], [303, "/account?done=profile"]);

  const page = await own.get("/account");
  assertStringIncludes(page.text, 'value="&lt;b&gt;Northwind&lt;/b&gt;"');
  const [row] = await world.db.select().from(users).where(eq(users.email, alice.email));
  assertEquals([row?.name, row?.phone, row?.company], ["Alice M.", sent.phone, sent.company]);
  const [entry] = await world.db.select().from(auditLog).orderBy(desc(auditLog.id));
  assertEquals(entry?.after, { changed: "name, phone, company" });
  assertNotEquals(entry?.requestId, null);

  const wrong: Record<string, string>[] = [{ name: " " }, { name: "x".repeat(101) }];
  for (const bad of [...wrong, { name: "A", phone: "1".repeat(41) }]) {
    const refused = await assertNothingWritten(world, () => own.post("/account/profile", bad));
    assertEquals([bad, refused.status], [bad, 422]);
  }
  const cleared = await own.post("/account/profile", { name: "Alice", phone: "", company: "" });
  assertEquals(cleared.status, 303);
  const ada = await world.signedIn("ada");
  await assertUnknown(ada, await ada.post("/admin/account/profile", sent));
});

Deno.test("asvs V7.3.2: a changed password does not make a session longer", async () => {
  await using world = await openWorld();
  const own = await world.signedIn("alice");
  for (let day = 0; day < 27; day += 3) {
    world.time.now += 3 * DAY;
    await own.get("/account");
  }
  await own.post("/account/password", { current_password: PASSWORD, password: NEW });
  assertEquals((await own.get("/account")).status, 200);
  world.time.now += 3 * DAY;
  assertEquals((await own.get("/account")).status, 303);
});
