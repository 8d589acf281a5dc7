import { assert, assertEquals } from "@std/assert";
import { bookingIn, dumpAll } from "../cast.ts";
import { addressOf, peopleIn } from "../walks.ts";
import { openWorld } from "../world.ts";

Deno.test("asvs V3.5.3: no address writes when it is only fetched, whoever fetches it", async () => {
  await using world = await openWorld();
  const files = [
    await bookingIn(world.cast, "in_progress"),
    await bookingIn(world.cast, "payment_pending"),
  ];
  const visitors = await peopleIn(world);
  const routes = world.routes.filter((route) => route.startsWith("GET "));
  const paths = new Set(routes.flatMap((route) => files.map((file) => addressOf(route, file))));
  assert(routes.length > 30, "the walk saw the addresses");
  await world.mails();

  const before = await dumpAll(world.db);
  for (const [who, visitor] of Object.entries(visitors)) {
    for (const path of paths) {
      const head = await visitor.send(path, { method: "HEAD" });
      if (!path.endsWith("/stream")) await visitor.get(path);
      assert(head.status < 500, `${who} ${path} ${head.status}`);
    }
    await world.mails();
    const after = await dumpAll(world.db);
    const changed = Object.keys(before).filter((name) => !equal(before[name], after[name]));
    assertEquals([who, ...changed], [who]);
  }
});

const equal = (one: unknown, two: unknown) => JSON.stringify(one) === JSON.stringify(two);
