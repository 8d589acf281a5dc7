import { openDb } from "../../db/client.ts";
import type { Db } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { Passwords } from "../../db/passwords.ts";
import { alice, bookingIn, type Cast, castIn, DAY, HOUR } from "../cast.ts";

const YEAR = 365 * DAY;
/** Everybody's. */
export const PASSWORD = "a kettle of seven tides";
/** How many bookings one client has. */
const EACH_CLIENT = 5;

export type Size = { bookings: number; messages: number };
export type Fixture = AsyncDisposable & { url: string; reference: string };

/**
 * The cast, the 30 services, one booking in progress, whose reference is told, and so many completed ones over the
 * last two years, each with its room and its messages.
 */
export async function makeFixture(size: Size): Promise<Fixture> {
  const folder = await Deno.makeTempDir({ prefix: "connectpro_bench_" });
  const url = `file:${folder}/connectpro.db`;
  const db = await openDb(url);
  const reference = await fill(db, size);
  await db.$client.execute("analyze");
  await db.$client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  db.$client.close();
  return { url, reference, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

/** Puts the same into an empty database, and tells the reference of the booking in progress. */
export async function fill(db: Db, size: Size): Promise<string> {
  await migrate(db);
  const cast = await castIn(db, await passwordHash());
  const { booking } = await bookingIn(cast, "in_progress", { now: Date.now() - HOUR });
  const done = await bookingIn(cast, "completed", { now: Date.now() - HOUR });
  await copyBooking(cast, done.booking.id, size);
  return booking.reference;
}

async function passwordHash() {
  const passwords = new Passwords({
    memorySize: 64,
    iterations: 1,
    parallelism: 1,
    hashLength: 32,
  });
  const hash = await passwords.hash(PASSWORD);
  passwords.close();
  return hash;
}

/** Bookings copied from one that was brought where it is by the verbs: the rule that they begin pending rests. */
async function copyBooking({ db, alice: { id: author } }: Cast, id: number, size: Size) {
  const rule = await db.$client.execute(
    "select sql from sqlite_schema where name = 'booking_starts_pending'",
  );
  const columns = await columnsOf(db, "service_bookings");
  const apart = Math.floor(2 * YEAR / size.bookings);
  const own: Record<string, string> = {
    id: "null",
    reference: "'CP2026Z' || n",
    idempotency_key: "'bench' || n",
    access_token: "'bench' || n",
    client_name: "'Client ' || n",
    client_email: "'client' || n || '@bench.example'",
    // Alice keeps the first few.
    user_id: `iif(n < ${EACH_CLIENT}, user_id,
      (select id from users where email = 'client' || (n / ${EACH_CLIENT}) || '@bench.example'))`,
    ...Object.fromEntries(
      ["created_at", "updated_at", "completed_at"].map((name) => [name, `${name} - n * ${apart}`]),
    ),
  };
  const values = columns.map((name) => own[name] ?? name);
  const events = (await columnsOf(db, "booking_events")).filter((name) => name !== "id");
  const each = Math.round(size.messages / size.bookings);
  const numbers = (to: number) =>
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${to})`;
  const eventOf: Record<string, string> = { booking_id: "b.id", at: "b.created_at" };
  const clients = Math.ceil(size.bookings / EACH_CLIENT);
  await db.$client.batch([
    `insert into users (name, email, created_at) ${numbers(clients)}
      select 'Client ' || n, 'client' || n || '@bench.example', 0 from numbers`,
    "drop trigger booking_starts_pending",
    `insert into service_bookings (${columns}) ${numbers(size.bookings - 1)}
      select ${values} from numbers join service_bookings where id = ${id}`,
    String(rule.rows[0]?.sql),
    `insert into booking_events (${events})
      select ${events.map((name) => eventOf[name] ?? `e.${name}`)}
      from booking_events e join service_bookings b on b.id > ${id} where e.booking_id = ${id}`,
    `insert into chat_rooms (booking_id, created_at)
      select id, updated_at from service_bookings where id > ${id}`,
    `insert into chat_messages (room_id, author_kind, author_id, author_name, body, client_id, created_at)
      ${numbers(each)} select r.id, iif(n % 2, 'client', 'admin'), iif(n % 2, ${author}, 1),
        iif(n % 2, '${alice.name}', 'Ada Novak'), 'This is message ' || n || ' of this room.',
        'bench ' || n, r.created_at + n * 1000
      from numbers cross join chat_rooms r`,
  ], "write");
}

async function columnsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await db.$client.execute(`select name from pragma_table_info('${table}')`);
  return rows.map(({ name }) => String(name));
}
