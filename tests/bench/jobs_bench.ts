import { approveOverdue } from "../../db/bookings_by_clock.ts";
import type { Db } from "../../db/client.ts";
import { bookingIn, castIn, HOUR, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

const MANY = 10_000;
const SECONDS = 60;
/** Beside the 70 that a process takes which does nothing. */
const MEGABYTES = 180;

/** As many due bookings, copied from one that was made the usual way. */
async function copyBooking(db: Db, id: number, count: number) {
  const { rows } = await db.$client.execute(
    "select name from pragma_table_info('service_bookings')",
  );
  const own = {
    id: "null",
    reference: "'CP2026' || n",
    idempotency_key: "'k' || n",
    access_token: "'t' || n",
  };
  const columns = rows.map(({ name }) => String(name));
  const values = columns.map((name) => name in own ? own[name as keyof typeof own] : name);
  await db.$client.batch([
    `insert into service_bookings (${columns}) with recursive copies(n) as
      (select 100000 union all select n + 1 from copies where n < ${100_000 + count - 1})
      select ${values} from copies join service_bookings where id = ${id}`,
    `insert into booking_events (booking_id, version, move, to_status, actor_kind, actor_name, at)
      select id, 1, 'submit', 'pending', 'client', 'Alice', ${NOW} from service_bookings where id <> ${id}`,
  ], "write");
}

Deno.bench({ name: `approve ${MANY} due bookings`, n: 1, warmup: 0 }, async (bench) => {
  await using database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { booking } = await bookingIn(cast, "pending");
  await copyBooking(cast.db, booking.id, MANY - 1);

  const before = Deno.memoryUsage().rss;
  bench.start();
  const begun = performance.now();
  const done = await approveOverdue(cast.db, NOW + 96 * HOUR);
  bench.end();
  const seconds = (performance.now() - begun) / 1000;
  const megabytes = (Deno.memoryUsage().rss - before) / 2 ** 20;
  console.log(`${done} approved in ${seconds.toFixed(1)} s, with ${megabytes.toFixed(0)} MB more`);
  if (done !== MANY || seconds > SECONDS) throw new Error("too slow");
  if (megabytes > MEGABYTES) throw new Error("too much memory");
});
