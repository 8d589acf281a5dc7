import { assertEquals, assertStringIncludes } from "@std/assert";
import { openDb } from "../../db/client.ts";
import { bookingIn } from "../cast.ts";
import { openWorld } from "../world.ts";

Deno.test("asvs V16.5.2 V16.5.3: while the database is away pages say so, /livez lives, and all is well when it is back", async () => {
  await using world = await openWorld({ slow: 0 });
  const { booking } = await bookingIn(world.cast, "pending");
  const [guest, alice] = [world.stranger(), await world.signedIn("alice")];
  await guest.get("/services");

  world.outage(true);
  const [page, ready, live, cached] = [
    await alice.get(`/bookings/${booking.reference}`),
    await guest.get("/readyz"),
    await guest.get("/livez"),
    await guest.get("/services"),
  ];
  const posted = await alice.post(`/bookings/${booking.reference}/cancellation`, {});
  world.outage(false);
  const after = await alice.get(`/bookings/${booking.reference}`);

  assertEquals([page.status, ready.status, live.status, cached.status, posted.status], [
    503,
    503,
    200,
    200,
    503,
  ]);
  assertEquals(page.headers.get("retry-after"), "30");
  assertStringIncludes(page.text, "what you send twice is done once");
  assertEquals(after.status, 200);
  assertStringIncludes(after.text, 'data-status="pending"');
});

Deno.test("openDb() on an address where nothing listens says in one sentence that it is away", async () => {
  const db = await openDb("http://127.0.0.1:9");
  const error = await db.$client.execute("select 1").catch((error) => error);
  db.$client.close();

  assertStringIncludes(error.message, "We cannot reach our records");
});
