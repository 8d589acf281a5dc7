import { assert, assertEquals, assertMatch } from "@std/assert";
import { ada, alice, bookingIn } from "../cast.ts";
import { type Answer, attribute, Visitor } from "../visitor.ts";
import { addressOf, visit } from "../walks.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };
const NEW = "seven kettles of one tide";
const areas = [
  { email: alice.email, door: "/sign-in", base: "/account", home: "/dashboard" },
  { email: ada.email, door: "/admin/sign-in", base: "/admin/account", home: "/admin" },
];

/** Every way that gives somebody a cookie or takes it away; all that was answered on it. */
async function everyWay(world: World): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { email, door, base, home } of areas) {
    const visitor = world.stranger();
    answers.push(await visitor.post(door, { email, password: PASSWORD }));
    const change = { current_password: PASSWORD, password: NEW };
    answers.push(await visitor.post(`${base}/password`, change));
    world.time.now += 10 * 60_000;
    for (const path of [home, base]) answers.push(await visitor.get(path));
    answers.push(await visitor.post("/sign-out", {}));
  }
  const visitor = world.stranger();
  await visitor.post("/register", { ...grace, password: PASSWORD });
  const link = (await world.mails())[0]?.text.match(/\/verify-email\/[\w-]+/)?.[0] ?? "";
  answers.push(
    await visitor.get(link),
    await visitor.post(link, {}),
    await visitor.get("/account"),
  );
  return answers;
}

type Cookie = { name: string; value: string; flags: string[]; line: string };
const cookiesOf = ({ headers }: Answer): Cookie[] =>
  headers.getSetCookie().map((line) => {
    const [pair = "", ...flags] = line.split("; ");
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return { name, value, flags, line };
  });

Deno.test("asvs V3.3.1 V3.3.2 V3.3.3 V3.3.5: every cookie is of this host alone, sent from here alone, and small", async () => {
  await using world = await openWorld();
  const cookies = (await everyWay(world)).flatMap(cookiesOf);
  const names = new Set(cookies.map(({ name }) => name));
  assertEquals(names.size, 3, [...names].join());

  for (const { name, value, flags, line } of cookies) {
    assertMatch(name, /^__Host-connectpro(-admin|-device)?$/);
    const [secure, path] = [flags.includes("Secure"), flags.includes("Path=/")];
    const domain = flags.some((flag) => /^domain/i.test(flag));
    assertEquals([line, secure, path, domain], [line, true, true, false]);
    assert(line.length < 1024, `${line.length} characters`);
    if (!value) continue;
    const site = name === "__Host-connectpro" ? "SameSite=Lax" : "SameSite=Strict";
    assert(flags.includes(site), line);
  }
});

Deno.test("asvs V3.3.4 V14.2.1: no script reads a cookie, and no page, address or mail holds one", async () => {
  await using world = await openWorld();
  const answers = await everyWay(world);
  const given = answers.flatMap(cookiesOf).filter(({ value }) => value !== "");
  assert(given.length > 5, "cookies were given");

  for (const { flags, line } of given) assert(flags.includes("HttpOnly"), line);
  const shown = answers.map(({ text, location }) => text + location).join() +
    JSON.stringify(await world.mails());
  const parts = given.flatMap(({ value }) => [value, ...value.split(".").slice(1)]);
  assertEquals(parts.filter((part) => shown.includes(part)), []);
});

Deno.test("asvs V7.2.2 V7.2.4: each sign-in gets a token of its own, and none that was there before is taken", async () => {
  await using world = await openWorld();
  const name = "__Host-connectpro";
  const [first, second] = [await world.signedIn("alice"), await world.signedIn("alice")];
  assert(first.cookies.get(name) !== second.cookies.get(name));

  const planted = await world.signedIn("bob");
  const before = planted.cookies.get(name) ?? "";
  await planted.post("/sign-in", { email: alice.email, password: PASSWORD });
  assert(planted.cookies.get(name) !== before);
  const other = new Visitor(world.url);
  other.cookies.set(name, before);
  assertEquals((await other.get("/dashboard")).status, 303, "what was there before has ended");
  other.cookies.set(name, "planted");
  await other.post("/sign-in", { email: alice.email, password: PASSWORD });
  assert(other.cookies.get(name) !== "planted");
  other.cookies.set(name, "planted");
  assertEquals((await other.get("/dashboard")).status, 303);
});

Deno.test("asvs V7.6.2: nobody is signed in by fetching a page", async () => {
  await using world = await openWorld();
  const file = await bookingIn(world.cast, "in_progress");
  const stranger = world.stranger();

  for (const route of world.routes.filter((route) => route.startsWith("GET "))) {
    const answer = await visit(world, stranger, { route, path: addressOf(route, file) });
    assertEquals([route, ...answer.headers.getSetCookie()], [route]);
  }
});

Deno.test("asvs V7.4.4: every page of somebody signed in has the button that signs out", async () => {
  await using world = await openWorld();
  const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
  const own = ["/dashboard", "/account", `/bookings/${reference}`, `/bookings/${reference}/chat`];
  const ours = ["", "/bookings", "/payments", "/emails", "/services", "/team", "/audit", "/account"]
    .map((path) => `/admin${path}`);

  for (const [who, paths] of [["alice", own], ["ada", ours]] as const) {
    const visitor = await world.signedIn(who);
    for (const path of paths) {
      const { status, text } = await visitor.get(path);
      const form = text.match(/<form[^>]*action="\/sign-out"[^>]*>/)?.[0] ?? "";
      assertEquals([path, status, attribute(form, "method")], [path, 200, "post"]);
    }
  }
});
