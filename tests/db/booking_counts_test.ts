import { assertEquals } from "@std/assert";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { assignBooking } from "../../db/assignments.ts";
import { listBookings } from "../../db/booking_lists.ts";
import { statuses } from "../../db/booking_status.ts";
import { type Db, openDb } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import {
  bookingIn,
  type Cast,
  castIn,
  fileOf,
  hire,
  HOUR,
  manyBookings,
  NOW,
  openCast,
  OWNER,
} from "../cast.ts";
import { eachDatabase, startDatabase } from "../databases.ts";
import { verbs } from "../verbs.ts";

const agent = { name: "Ben Ortiz", email: "ben@connectpro.example", passwordHash: "none" };

/** What the rules keep, beside the same counted from the bookings and their events. */
async function keptAndCounted({ $client }: Db) {
  const read = async (sql: string) => (await $client.execute(sql)).rows.map((row) => ({ ...row }));
  return {
    kept: [
      await read("select status, assigned_to, n from booking_counts where n <> 0 order by 1, 2"),
      await read("select booking_id, at, wait from approval_waits order by 1"),
    ],
    counted: [
      await read(`select status, coalesce(assigned_to, 0) as assigned_to, count(*) as n
        from service_bookings group by 1, 2 order by 1, 2`),
      await read(`select b.id as booking_id, at, at - b.created_at as wait from booking_events e
        join service_bookings b on b.id = e.booking_id where move = 'approve' order by 1`),
    ],
  };
}

/** One booking in each status, two of which somebody looks after. */
async function everyKind(cast: Cast) {
  const adminId = await hire(cast.db, { ...agent, role: "agent" });
  for (const [at, status] of statuses.entries()) {
    const { booking } = await bookingIn(cast, status, { now: NOW + at * HOUR });
    if (at > 1) continue;
    await assignBooking(cast.db, booking, { actor: cast.ada, now: NOW + at * HOUR, adminId });
  }
  return adminId;
}

eachDatabase(
  "bookings are counted and approvals timed as they come, move and are given away",
  async (db) => {
    const cast = await castIn(db);
    await everyKind(cast);
    const { reference } = (await bookingIn(cast, "pending")).booking;
    const twice = await fileOf(db, reference);
    const change = { actor: cast.ada, now: NOW + HOUR };
    const both = [verbs.approve, verbs.reject].map((verb) => verb(db, twice, change));
    await Promise.allSettled(both);

    const { kept, counted } = await keptAndCounted(db);
    assertEquals(kept, counted);
    assertEquals(kept[1]?.length, 7);
  },
);

Deno.test("bookings from before they were counted are counted, timed and found", async () => {
  await using place = await startDatabase("file");
  const db = await openDb(place.url);
  const folder = decodeURIComponent(new URL("../../db/migrations", import.meta.url).pathname);
  const claims = "create table schema_migrations (created_at integer primary key)";
  await db.$client.execute(claims);
  for (
    const { sql, folderMillis } of readMigrationFiles({ migrationsFolder: folder }).slice(0, 2)
  ) {
    await db.$client.migrate([`insert into schema_migrations values (${folderMillis})`, ...sql]);
  }
  await everyKind(await castIn(db));

  assertEquals(await migrate(db), 1);
  const { kept, counted } = await keptAndCounted(db);
  assertEquals(kept, counted);
  const found = await listBookings(db, OWNER, { sort: "newest", q: "ali land" });
  assertEquals(found.bookings.length, statuses.length);
  db.$client.close();
});

Deno.test("a search goes on where its page ended, in both orders, and shows agents their own", async () => {
  await using cast = await openCast();
  await manyBookings(cast, 45);
  const adminId = await hire(cast.db, { ...agent, role: "agent" });
  await cast.db.$client.execute({
    sql: "update service_bookings set assigned_to = ? where id in (2, 44)",
    args: [adminId],
  });
  const ids = async (
    wanted: { sort: "newest" | "oldest"; page?: number },
    id: number = OWNER.id,
  ) => {
    const { bookings } = await listBookings(cast.db, { kind: "admin", id }, {
      q: "ali",
      ...wanted,
    });
    return bookings.map((booking) => booking.id);
  };
  const all = Array.from({ length: 45 }, (_, at) => at + 1);
  assertEquals(await ids({ sort: "oldest" }), all.slice(0, 40));
  assertEquals(await ids({ sort: "oldest", page: 40 }), all.slice(40));
  assertEquals(await ids({ sort: "newest" }), all.toReversed().slice(0, 40));
  assertEquals(await ids({ sort: "newest", page: 6 }), [5, 4, 3, 2, 1]);
  assertEquals(await ids({ sort: "newest" }, adminId), [44, 2]);
  assertEquals(await ids({ sort: "oldest", page: 2 }, adminId), [44]);
});
