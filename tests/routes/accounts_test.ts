import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { admins, users } from "../../db/schema.ts";
import { ada, alice, bookingIn } from "../cast.ts";
import { assertNothingWritten } from "../pages.ts";
import { attribute, Visitor } from "../visitor.ts";
import { openWorld, PASSWORD } from "../world.ts";

const wrongPair = "This e-mail and password do not belong together. Check both and try again.";
const areas = [
  { who: alice, path: "/sign-in", home: "/dashboard", cookie: "__Host-connectpro" },
  { who: ada, path: "/admin/sign-in", home: "/admin", cookie: "__Host-connectpro-admin" },
];

Deno.test("signing in leads home and sets a cookie that only this site and no script can use", async () => {
  await using world = await openWorld();

  for (const { who, path, home, cookie } of areas) {
    const visitor = world.stranger();
    const email = `  ${who.email.toUpperCase()} `;
    const answer = await visitor.fill(path, path, { email, password: PASSWORD });
    assertEquals([answer.status, answer.location], [303, home]);
    const cookies = answer.headers.getSetCookie();
    for (const line of cookies) {
      assertMatch(line, /^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=/);
    }
    const line = cookies.find((line) => line.startsWith(`${cookie}=ey`)) ?? "";
    const [, ...flags] = line.split("; ");
    const [life, site] = home === "/admin" ? [1800, "Strict"] : [604_800, "Lax"];
    assertEquals(
      new Set(flags),
      new Set([`Max-Age=${life}`, "Path=/", "HttpOnly", "Secure", `SameSite=${site}`]),
    );
    assertEquals((await visitor.get(home)).status, 200);
  }
});

Deno.test("a wrong password, an unknown address and a closed account read the same", async () => {
  await using world = await openWorld();
  await world.db.update(users).set({ deactivatedAt: 1 });

  for (const { who, path } of areas) {
    const { db } = world;
    if (path !== "/sign-in") await db.update(admins).set({ deactivatedAt: 1 });
    const tries = [
      { email: who.email, password: "not the password" },
      { email: "nobody@nowhere.example", password: PASSWORD },
      { email: who.email, password: PASSWORD },
      { email: who.email, password: "" },
      { email: who.email, password: "x".repeat(2000) },
      { email: "admin@connectpro.com", password: "password" },
    ];
    const bodies = new Set<string>();
    await assertNothingWritten(world, async () => {
      for (const sent of tries) {
        const answer = await world.stranger().post(path, sent);
        assertEquals([sent, answer.status], [sent, 422]);
        assertEquals(answer.headers.getSetCookie(), []);
        assertStringIncludes(answer.text, wrongPair);
        assertStringIncludes(answer.text, `value="${sent.email}"`);
        bodies.add(answer.text.replace(sent.email, ""));
      }
    });
    assertEquals(bodies.size, 1);
  }
});

Deno.test("missing and repeated fields sign nobody in", async () => {
  await using world = await openWorld();
  const { email } = alice;
  const password = PASSWORD;

  for (
    const sent of [
      {},
      { email },
      { password },
      { email: [email, email], password },
      { email, password: [password, password] },
    ]
  ) {
    const answer = await world.stranger().post("/sign-in", sent as Record<string, string>);
    assertEquals([sent, answer.status, answer.headers.getSetCookie()], [sent, 422, []]);
    assertStringIncludes(answer.text, wrongPair);
  }
});

const tricks = [
  ...["https://evil.example", "//evil.example", "///evil.example", "////evil.example"],
  ...["/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example"],
  ...["/.//evil.example", "/..//evil.example", "/x/..//evil.example", "/x/../..//evil.example"],
  ...["/%2e//evil.example", "/%2E%2e//evil.example", "/x/%2e%2e//evil.example"],
  ...["/\t/evil.example", "/\n/evil.example", "/\r/evil.example", " //evil.example"],
  ...["/ /evil.example", "/\0/evil.example", "/\u2028/evil.example", "\uFF0F\uFF0Fevil.example"],
  ...["https:evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x"],
  ...["evil.example", "@evil.example", "?next=//evil.example", "#//evil.example", ""],
  ...["/dashboard\r\nSet-Cookie: a=b", "/./\\evil.example", "//evil.example/%2f.."],
];

Deno.test("asvs V3.7.2: whatever `next` says, signing in leads to a page of our own", async () => {
  await using world = await openWorld();
  const stranger = world.stranger();

  for (const trick of tricks) {
    const { text } = await stranger.get(`/sign-in?next=${encodeURIComponent(trick)}`);
    assertEquals([trick, attribute(text.match(/<[^>]*name="next"[^>]*>/)?.[0] ?? "", "value")], [
      trick,
      "/dashboard",
    ]);
  }
  for (const next of ["//evil.example", "/.//evil.example", "/x/%2e%2e//evil.example"]) {
    const sent = { email: alice.email, password: PASSWORD, next };
    const answer = await stranger.post("/sign-in", sent);
    assertEquals([next, answer.status, answer.location], [next, 303, "/dashboard"]);
  }
});

Deno.test("who was sent to sign in comes back to the page they wanted", async () => {
  await using world = await openWorld();
  const { booking: { reference } } = await bookingIn(world.cast, "pending");
  const visitor = world.stranger();

  const sent = await visitor.get(`/bookings/${reference}?from=mail`);
  assertEquals(sent.status, 303);
  const answer = await visitor.fill(sent.location, "/sign-in", {
    email: alice.email,
    password: PASSWORD,
  });
  assertEquals([answer.status, answer.location], [303, `/bookings/${reference}?from=mail`]);
  assertEquals((await visitor.get(answer.location)).status, 200);
});

Deno.test("asvs V7.4.1 V14.3.1: signing out ends the session everywhere its cookie went, and no other", async () => {
  await using world = await openWorld();

  const all = [["alice", "/dashboard", "__Host-connectpro"], [
    "ada",
    "/admin",
    "__Host-connectpro-admin",
  ]] as const;
  for (const [name, home, cookie] of all) {
    const [visitor, elsewhere] = [await world.signedIn(name), await world.signedIn(name)];
    const copied = new Visitor(world.url);
    for (const [key, value] of visitor.cookies) copied.cookies.set(key, value);
    assertEquals((await copied.get(home)).status, 200);

    const answer = await visitor.post("/sign-out", {});
    assertEquals([answer.status, answer.location], [303, "/"]);
    assertEquals(answer.headers.get("clear-site-data"), '"cache", "storage"');
    for (const line of answer.headers.getSetCookie()) assertMatch(line, /=; Max-Age=0;/);
    assertEquals(visitor.cookies.has(cookie), false);
    assertEquals((await copied.get(home)).status, 303);
    assertEquals((await copied.post("/sign-out", {})).status, 303);
    assertEquals((await elsewhere.get(home)).status, 200);
  }
});
