import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { rateLimits } from "../../db/schema.ts";
import { networkOf } from "../../routes/addresses.ts";
import { alice, bookingIn, HOUR } from "../cast.ts";
import { startDatabase } from "../databases.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";
import { openWorld, PASSWORD, type World } from "../world.ts";

const order = { service: "landing-page", urgency: "low", name: "Grace Holm", details: "A page." };
const wrongly = (visitor: Visitor) =>
  visitor.post("/sign-in", { email: alice.email, password: "not it" });

async function tryTenTimes(world: World) {
  const visitor = world.stranger();
  const statuses = [];
  for (let i = 0; i < 10; i++) statuses.push((await wrongly(visitor)).status);
  return statuses;
}

Deno.test("asvs V6.3.1: the eleventh wrong try for an account is refused unread, and taken again later", async () => {
  await using world = await openWorld();
  assertEquals(await tryTenTimes(world), Array(10).fill(422));

  const refused = await world.stranger().post("/sign-in", {
    email: alice.email,
    password: PASSWORD,
  });
  assertEquals(refused.status, 429);
  assertEquals(refused.headers.get("retry-after"), "900");
  assertMatch(refused.headers.get("ratelimit-policy") ?? "", /^"sign-in";q=10;w=900$/);
  assertStringIncludes(refused.text, "Try again in 15 minutes");

  world.time.now += HOUR / 4;
  assertEquals(
    (await world.stranger().post("/sign-in", { email: alice.email, password: PASSWORD })).status,
    303,
  );
});

Deno.test("asvs V6.3.1: nobody can lock an owner out of a device that has signed in before", async () => {
  await using world = await openWorld();
  const owner = await world.signedIn("alice");
  await owner.post("/sign-out", {});
  await tryTenTimes(world);
  assertEquals((await wrongly(world.stranger())).status, 429);

  assertEquals(
    (await owner.post("/sign-in", { email: alice.email, password: PASSWORD })).status,
    303,
  );
});

Deno.test("right sign-ins are not counted, wrong ones of an address are, whatever the account", async () => {
  await using world = await openWorld();
  for (let i = 0; i < 12; i++) {
    const answer = await world.stranger().post("/sign-in", {
      email: alice.email,
      password: PASSWORD,
    });
    assertEquals(answer.status, 303);
  }
  const spent = { key: "sign-in:127.0.0.1", count: 99, resetsAt: world.time.now + HOUR / 4 };
  await world.db.insert(rateLimits).values(spent).onConflictDoUpdate({
    target: rateLimits.key,
    set: spent,
  });
  const visitor = world.stranger();
  const statuses = [];
  for (const email of ["one@x.example", "two@x.example"]) {
    statuses.push((await visitor.post("/sign-in", { email, password: "x" })).status);
  }

  assertEquals(statuses, [422, 429]);
});

Deno.test("an address books 20 times an hour, and the page says how many are left", async () => {
  await using world = await openWorld({ env: { TRUST_PROXY: "1" } });
  const visitor = world.stranger();
  const book = (i: number, from: string) =>
    visitor.post("/bookings", { ...order, email: `g${i}@holm.example` }, {
      headers: { "X-Forwarded-For": `1.2.3.4, ${from}` },
    });

  const first = await book(0, "10.0.0.1");
  assertEquals([first.status, first.headers.get("ratelimit")], [303, '"bookings";r=19;t=3600']);
  for (let i = 1; i < 20; i++) assertEquals((await book(i, "10.0.0.1")).status, 303);
  const refused = await book(20, "10.0.0.1");
  assertEquals(refused.status, 429);
  assertEquals((await book(20, "10.0.0.2")).status, 303);
});

Deno.test("X-Forwarded-For changes nothing unless a proxy is trusted", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  for (let i = 0; i < 10; i++) {
    const fields = { name: "G", email: `g${i}@holm.example`, password: PASSWORD };
    const answer = await visitor.post("/register", fields, {
      headers: { "X-Forwarded-For": `10.0.0.${i}` },
    });
    assertEquals(answer.status, 200);
  }
  const refused = await visitor.post("/register", {
    name: "G",
    email: "g@holm.example",
    password: PASSWORD,
  });
  assertEquals(refused.status, 429);
});

Deno.test("a member says 300 things a minute", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "in_progress");
  const member = await world.signedIn("alice");
  const say = async (i: number) => {
    const said = await member.post(`/bookings/${booking.reference}/chat/messages`, {
      body: "x",
      client_id: `c${i}`,
    });
    return said.status;
  };
  const said = await Promise.all(Array.from({ length: 300 }, (_, i) => say(i)));

  assertEquals(said.filter((status) => status !== 303), []);
  assertEquals(await say(300), 429);
});

Deno.test("asvs V2.4.1 V6.3.1: two processes on one database let exactly 20 of 60 bookings and 10 of 40 wrong passwords through", async () => {
  await using place = await startDatabase("file");
  const env = { TURSO_DATABASE_URL: place.url };
  await using one = await startProduct(env);
  await using two = await startProduct(env);
  const visitors = [new Visitor(one.url), new Visitor(two.url)];

  const answers = await Promise.all(Array.from({ length: 60 }, async (_, i) => {
    const visitor = visitors[i % 2] as Visitor;
    return (await visitor.post("/bookings", { ...order, email: `g${i}@holm.example` })).status;
  }));

  assertEquals(answers.filter((status) => status === 303).length, 20);
  assertEquals(answers.filter((status) => status === 429).length, 40);
  const tries = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => (await wrongly(visitors[i % 2] as Visitor)).status),
  );
  assertEquals(tries.filter((status) => status === 422).length, 10);
  assertEquals(tries.filter((status) => status === 429).length, 30);
});

Deno.test("networkOf() takes the network of an IPv6 address and leaves IPv4 alone", () => {
  assertEquals(networkOf("203.0.113.9"), "203.0.113.9");
  assertEquals(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  assertEquals(networkOf("2001:db8::6"), "2001:db8:0:0::/64");
  assertEquals(networkOf("::1"), "0:0:0:0::/64");
  assert(
    networkOf("::ffff:203.0.113.9").includes("203.0.113.9"),
    "an IPv4 address in IPv6 clothes",
  );
});
