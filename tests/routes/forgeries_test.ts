import { assert, assertEquals, assertMatch } from "@std/assert";
import { listAudit } from "../../db/audit.ts";
import { startDatabase } from "../databases.ts";
import { admins, serviceBookings, users } from "../../db/schema.ts";
import { alice as person, bookingIn, dump, HOUR } from "../cast.ts";
import { startProduct } from "../process.ts";
import { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

Deno.test("asvs V16.3.3: a form of another site in somebody's session is refused, kept and changes nothing", async () => {
  await using world = await openWorld();
  const { booking } = await bookingIn(world.cast, "pending");
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const before = await dump(world.db);

  for (const [visitor, path] of [[alice, "/bookings"], [ada, "/admin/bookings"]] as const) {
    const url = `${path}/${booking.reference}/cancellation`;
    const forged = await visitor.post(url, { reason: "x" }, {
      headers: { Origin: "https://evil.example" },
    });
    assertEquals(forged.status, 403);
  }
  const kept = await listAudit(world.db, { action: "forged_form", limit: 9 });

  assertEquals(await dump(world.db), before);
  assertEquals(kept.map(({ subject, after }) => [subject, after?.site]), [
    [`admin ${world.cast.ada.id}`, "https://evil.example"],
    [`client ${world.cast.alice.id}`, "https://evil.example"],
  ]);
});

Deno.test("nobody fills the audit log with forged forms of their own session", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const forge = () => alice.post("/sign-out", {}, { headers: { Origin: "https://evil.example" } });

  for (let n = 0; n < 25; n++) assertEquals((await forge()).status, 403);
  const kept = () => listAudit(world.db, { action: "forged_form", limit: 99 });
  assertEquals((await kept()).length, 20);
  world.time.now += HOUR;
  await forge();
  assertEquals((await kept()).length, 21);
});

Deno.test("asvs V16.2.2 V16.2.4 V16.4.1: what is refused leaves one dated JSON line that names the route and no secret", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const visitor = new Visitor(product.url);

  const sent = { headers: { Origin: 'https://evil.example/\\n{"level":"fatal"}' } };
  assertEquals((await visitor.post("/claim/a-very-secret-token", {}, sent)).status, 403);
  await product.line(/"event":"refused"/);

  const lines = product.output().split("\n").filter((line) => line.startsWith("{"));
  const entries = lines.map((line) => JSON.parse(line));
  assertEquals(entries.map(({ event, code, route }) => [event, code, route]), [[
    "refused",
    "forbidden",
    "/claim/:token",
  ]]);
  for (const { at } of entries) assertMatch(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert(!product.output().includes("a-very-secret-token"));
});

/** The first line of the answer to what no client of ours would send. */
async function statusLine(world: World, head: string): Promise<string | undefined> {
  const { hostname, port } = new URL(world.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`));
  return (await new Response(connection.readable).text()).split("\r\n")[0];
}

Deno.test("asvs V13.4.4: TRACE is refused, over a plain connection too", async () => {
  await using world = await openWorld();
  const answer = await statusLine(world, "TRACE / HTTP/1.1\r\nHost: x");
  assertEquals(answer, "HTTP/1.1 405 Method Not Allowed");
});

Deno.test("a Host that is no host breaks no page and leads nowhere", async () => {
  await using world = await openWorld();
  for (const host of ["[::", "a b", "a:99999999", "", "evil.example"]) {
    for (const [path, status] of [["/sign-in", "200 OK"], ["/admin/team", "303 See Other"]]) {
      const answer = await statusLine(world, `GET ${path} HTTP/1.1\r\nHost: ${host}`);
      assertEquals([host, path, answer], [host, path, `HTTP/1.1 ${status}`]);
    }
  }
});

Deno.test("oversized cookies, fields named __proto__ and headers of others change no answer", async () => {
  await using world = await openWorld();
  const visitor = world.stranger();
  const plain = await visitor.get("/sign-in");

  const odd = {
    Cookie: `__Host-connectpro=${"x".repeat(16_000)}`,
    "X-Forwarded-Host": "evil.example",
    "X-Original-URL": "/admin",
    "X-Forwarded-Proto": "http",
    Forwarded: "host=evil.example",
  };
  assertEquals((await visitor.get("/sign-in", { headers: odd })).text, plain.text);
  const fields = {
    __proto__x: "1",
    "constructor": "x",
    "__proto__": "x",
    "__proto__.admin": "true",
  };
  const posted = await visitor.post("/sign-in", { ...fields, email: "a@b.example", password: "x" });
  assertEquals(posted.status, 422);
  assertEquals(({} as Record<string, unknown>).admin, undefined);
});

Deno.test("asvs V8.2.3: fields that are not theirs to write are nothing to a client's forms", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const theirs = { price: "1", price_minor: "1", status: "paid", version: "9", user_id: "2" };
  const power = { role: "owner", kind: "admin", email_verified_at: "1", password_hash: "x" };
  const { name, email } = person;
  const booking = { service: "landing-page", name, email, urgency: "low", details: "One page." };
  const [before, staff] = [await world.db.select().from(users), await world.db.$count(admins)];

  const booked = await alice.post("/bookings", { ...booking, ...theirs, ...power });
  const saved = await alice.post("/account/profile", {
    name,
    ...theirs,
    ...power,
    email: "x@y.zz",
  });

  assertEquals([booked.status, saved.status], [303, 303]);
  const [row] = await world.db.select().from(serviceBookings);
  assertEquals([row?.status, row?.priceMinor, row?.version], ["pending", null, 1]);
  assertEquals(row?.userId, world.cast.alice.id);
  assertEquals(await world.db.select().from(users), before);
  assertEquals(await world.db.$count(admins), staff);
});

Deno.test("asvs V3.2.3: no id and no name on a page is made of what people wrote", async () => {
  await using world = await openWorld();
  const details = 'clobber" id="clobber" name="clobber"><form id=clobber>';
  const { booking } = await bookingIn(world.cast, "in_progress", { details });
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const own = `/bookings/${booking.reference}`;
  await alice.fill(`${own}/chat`, `${own}/chat/messages`, { body: details });

  for (const [visitor, path] of [[alice, own], [ada, `/admin${own}`]] as const) {
    for (const page of [path, `${path}/chat`]) {
      const { text } = await visitor.get(page);
      assert(text.includes("clobber&quot; id"), `${page} shows what was written`);
      const names = [...text.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, name]) => name);
      assertEquals([page, names.filter((name) => name?.includes("clobber"))], [page, []]);
    }
  }
});
