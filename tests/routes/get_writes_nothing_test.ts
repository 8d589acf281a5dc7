import { assert, assertEquals } from "@std/assert";
import { bookingIn } from "../cast.ts";
import { addressOf } from "../walks.ts";
import { openWorld, type World } from "../world.ts";

/** Every row of every table, nothing left out. */
async function everything({ db }: World) {
  const tables = await db.$client.execute(
    "select name from sqlite_schema where type = 'table' and name not like '%_search%'",
  );
  const names = tables.rows.map((row) => String(row.name));
  const rows = await db.$client.batch(names.map((name) => `select * from ${name}`), "read");
  return Object.fromEntries(names.map((name, at) => [name, rows[at]?.rows ?? []]));
}

Deno.test("asvs V3.5.3: no address writes when it is only fetched, whoever fetches it", async () => {
  await using world = await openWorld();
  const files = [
    await bookingIn(world.cast, "in_progress"),
    await bookingIn(world.cast, "payment_pending"),
  ];
  const visitors = {
    stranger: world.stranger(),
    alice: await world.signedIn("alice"),
    bob: await world.signedIn("bob"),
    agent: (await world.hired("agent")).visitor,
    manager: (await world.hired("manager")).visitor,
    owner: await world.signedIn("ada"),
  };
  const fetched = world.routes.filter((route) => route.startsWith("GET "));
  assert(fetched.length > 30, "the walk saw the addresses");
  await world.mails();

  const before = await everything(world);
  for (const [who, visitor] of Object.entries(visitors)) {
    for (const route of fetched) {
      for (const file of files) {
        const path = addressOf(route, file);
        const head = await visitor.send(path, { method: "HEAD" });
        if (!path.endsWith("/stream")) await visitor.get(path);
        assert(head.status < 500, `${who} ${path} ${head.status}`);
      }
    }
    await world.mails();
    const after = await everything(world);
    const changed = Object.keys(before).filter((name) => !equal(before[name], after[name]));
    assertEquals([who, ...changed], [who]);
  }
});

const equal = (one: unknown, two: unknown) => JSON.stringify(one) === JSON.stringify(two);
