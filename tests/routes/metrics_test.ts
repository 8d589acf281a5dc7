import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { recordRun } from "../../db/job_runs.ts";
import { bookingIn } from "../cast.ts";
import { openWorld } from "../world.ts";

const TOKEN = "a-token-for-those-who-watch-over-it";
const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

Deno.test("asvs V13.4.5: /metrics tells its numbers to whoever knows the token, and nothing to others", async () => {
  await using world = await openWorld({ env: { METRICS_TOKEN: TOKEN } });
  await bookingIn(world.cast, "pending");
  await bookingIn(world.cast, "pending");
  await bookingIn(world.cast, "completed");
  const run = { startedAt: 1_000_000, finishedAt: 2_000_000, handled: 0 };
  await recordRun(world.db, { job: "sweep", ...run, error: null });
  await recordRun(world.db, { job: "remind", ...run, error: "Error" });
  const anyone = world.stranger();

  const [told, none, wrong, owner] = [
    await anyone.get("/metrics", bearing(TOKEN)),
    await anyone.get("/metrics"),
    await anyone.get("/metrics", bearing(`${TOKEN}r`)),
    await (await world.signedIn("ada")).get("/metrics"),
  ];

  assertEquals([told.status, none.status, wrong.status, owner.status], [200, 401, 401, 401]);
  assertEquals(none.headers.get("www-authenticate"), "Bearer");
  assertEquals(told.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assertStringIncludes(told.text, 'connectpro_bookings{status="pending"} 2\n');
  assertStringIncludes(told.text, 'connectpro_bookings{status="completed"} 1\n');
  assertStringIncludes(told.text, 'connectpro_job_finished_seconds{job="sweep"} 2000\n');
  assertMatch(
    told.text,
    /^# TYPE connectpro_job_failing gauge\nconnectpro_job_failing\{job="remind"\} 1$/m,
  );
  assertStringIncludes(told.text, "connectpro_payments_in_review 0\n");
  assertMatch(told.text, /^connectpro_resident_bytes \d{7,}$/m);
  for (const { text } of [none, wrong, owner]) assertEquals(text.includes("connectpro_"), false);
});

Deno.test("without METRICS_TOKEN there is no such page", async () => {
  await using world = await openWorld();

  assertEquals((await world.stranger().get("/metrics", bearing("undefined"))).status, 404);
});
