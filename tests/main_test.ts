import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openDb } from "../db/client.ts";
import { alice, bookingIn, castIn, hire } from "./cast.ts";
import { openTestDatabase, startDatabase } from "./databases.ts";
import { eventsOf, saidIn } from "./event_reader.ts";
import { runProgram, startProduct } from "./process.ts";
import { Visitor } from "./visitor.ts";
import { PASSWORD, PASSWORD_HASH } from "./world.ts";

Deno.test("main.ts comes up on an empty file, says where, and stops cleanly on SIGTERM", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({ TURSO_DATABASE_URL: place.url });
  const link = await product.line(/Make the first one here/);

  const home = await fetch(product.url);
  const setup = await fetch(link.match(/http\S+/)?.[0] ?? "");

  assertEquals([home.status, setup.status], [200, 200]);
  assertMatch(link, /\/setup\/[\w-]{43}$/);
  await Promise.all([home.body?.cancel(), setup.body?.cancel()]);
  assertEquals(await product.stop(), 0);
});

Deno.test("under deno serve --parallel all threads keep one limit, one order of a chat, and stop together", async () => {
  await using place = await openTestDatabase("sqld");
  const cast = await castIn(place.db, PASSWORD_HASH);
  const { booking: { reference } } = await bookingIn(cast, "in_progress");
  const chat = `/bookings/${reference}/chat`;
  const env = { TURSO_DATABASE_URL: place.url, DENO_JOBS: "3" };
  await using product = await startProduct(env, ["--served"]);
  const client = new Visitor(product.url);
  await client.post("/sign-in", { email: alice.email, password: PASSWORD });

  const booked = await Promise.all(
    Array.from({ length: 25 }, (_, n) =>
      new Visitor(product.url).post("/bookings", {
        ...{ service: "landing-page", urgency: "low", name: "Grace Holm", details: "A page." },
        ...{ email: `grace${n}@holm.example`, idempotency_key: `served-${n}` },
      })),
  );
  const readers = Array.from({ length: 5 }, async () => {
    const heard: string[] = [];
    const stream = await client.open(`${chat}/stream?after=0`);
    assertEquals(stream.status, 200);
    for await (const event of eventsOf(stream.body)) if (heard.push(saidIn(event)) === 12) break;
    return heard;
  });
  await Promise.all(
    Array.from(
      { length: 12 },
      (_, n) => client.post(`${chat}/messages`, { body: `${n}`, client_id: `served ${n}` }),
    ),
  );
  const [first, ...others] = await Promise.all(readers);

  assertEquals(booked.filter(({ status }) => status === 303).length, 20);
  assertEquals(booked.filter(({ status }) => status === 429).length, 5);
  assertEquals(new Set(first).size, 12);
  for (const heard of others) assertEquals(heard, first);
  assertEquals(await product.stop(), 0);
});

Deno.test("main.ts in production refuses to start without its secrets, and lists them all", async () => {
  const { code, err } = await runProgram(["main.ts"], { APP_ENV: "", HELLO: "x" });

  assertEquals(code, 2);
  assertStringIncludes(err, "APP_URL is required");
  assertStringIncludes(err, "JWT_KEYS is required");
  assert(!err.includes("at file:"), "no stack");
});

const chosen = "a-token-of-the-owners-own-choosing";

Deno.test("main.ts in production has no /dev, no test payment, no catalogue of its own", async () => {
  await using place = await startDatabase("file");
  await using product = await startProduct({
    APP_ENV: "production",
    APP_URL: "https://agency.example",
    HOST: "127.0.0.1",
    JWT_KEYS: "a:okHWlPSQumMNglJ7CEjIwBRQRJfWoAO-tHYJlv5GjWU",
    SETUP_TOKEN: chosen,
    TURSO_DATABASE_URL: place.url,
  });
  const link = await product.line(/Make the first one here/);

  const [mailbox, services] = await Promise.all([
    fetch(`${product.url}/dev/mail`),
    fetch(`${product.url}/services`),
  ]);

  assertEquals([mailbox.status, services.status], [404, 200]);
  await mailbox.body?.cancel();
  assert(!(await services.text()).includes("/services/landing-page"));
  assertStringIncludes(link, "https://agency.example/setup/<SETUP_TOKEN>");
  assert(!product.output().includes(chosen), "a chosen token in the log");
});

Deno.test("the commands migrate, seed, run the jobs, invite an admin and let one back in", async () => {
  await using place = await startDatabase("file");
  const env = { TURSO_DATABASE_URL: place.url };

  const migrated = await runProgram(["jobs/cli.ts", "migrate", "--dev"], env);
  const seeded = await runProgram(["jobs/cli.ts", "seed", "--dev"], env);
  const again = await runProgram(["jobs/cli.ts", "seed", "--dev"], env);
  const jobs = await runProgram(["jobs/cli.ts", "jobs", "--dev", "--at=2026-03-01T00:00:00Z"], env);
  const eve = ["--email=Eve@agency.example", "--name=Eve"];
  const invite = ["jobs/cli.ts", "admin:create", "--dev", "--", ...eve];
  const invited = await runProgram(invite, env);
  const db = await openDb(place.url);
  await hire(db, { email: "eve@agency.example", name: "Eve", role: "owner", passwordHash: "x" });
  db.$client.close();
  const known = await runProgram(invite, env);

  assertStringIncludes(migrated.out, "migrations applied");
  assertStringIncludes(seeded.out, "6 categories and 30 services");
  assertStringIncludes(again.out, "0 categories and 0 services");
  for (const job of ["approve_overdue", "expire_unpaid", "send_emails", "sweep"]) {
    assertMatch(jobs.out, new RegExp(`^${job}: 0 done$`, "m"));
  }
  assertMatch(invited.out, /\/admin\/register\/[\w-]{43}\?name=Eve$/m);
  assertMatch(known.out, /30 minutes:\n.*\/admin\/reset-password\/[\w-]{43}/);
});

for (
  const [args, word] of [
    [["dance"], "commands:"],
    [["jobs", "--at=tomorrow"], "--at="],
    [["jobs", "--at"], "jobs takes --at=…, not --at"],
    [["jobs", "--att=2026-03-01T00:00:00Z"], "not --att=2026-03-01T00:00:00Z"],
    [["seed", "--demo"], "seed takes nothing, not --demo"],
    [["admin:create", "--name=Eve"], "--email="],
  ] as const
) {
  Deno.test(`the command ${args.join(" ")} says what is wrong and does nothing`, async () => {
    await using place = await startDatabase("file");
    const { code, err } = await runProgram(["jobs/cli.ts", ...args, "--dev"], {
      TURSO_DATABASE_URL: place.url,
    });

    assertEquals(code, 2);
    assertStringIncludes(err, word);
  });
}

Deno.test("the jobs run on a database that nothing was done with yet", async () => {
  await using place = await startDatabase("file");
  const { code, out } = await runProgram(["jobs/cli.ts", "jobs", "--dev"], {
    TURSO_DATABASE_URL: place.url,
  });

  assertEquals(code, 0);
  assertMatch(out, /^approve_overdue: 0 done$/m);
});

Deno.test("what stands in the way of a start is said in one sentence, without secrets or a stack", async () => {
  await using place = await startDatabase("file");
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nowhere = "http://127.0.0.1:1/?authToken=secret";
  const folder = `file:${place.url.slice("file:".length).replace(/\/[^/]*$/, "")}`;

  for (
    const [env, word] of [
      [{ PORT: String(taken.addr.port), TURSO_DATABASE_URL: place.url }, "is taken"],
      [{ TURSO_DATABASE_URL: nowhere }, "The database at http://127.0.0.1:1 cannot be opened"],
      [{ TURSO_DATABASE_URL: folder }, `The database at ${folder} cannot be opened`],
    ] as const
  ) {
    const { code, err } = await runProgram(["main.ts"], env);
    assertEquals(code, 2);
    assertStringIncludes(err, word);
    assertEquals(err.trim().split("\n").length, 1);
  }
});
