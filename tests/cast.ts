import { type BookingFile, findBookingFor } from "../db/booking_finders.ts";
import type { Actor } from "../db/booking_moves.ts";
import type { Status } from "../db/booking_status.ts";
import { type BookingForm, submitBooking } from "../db/bookings.ts";
import type { Db } from "../db/client.ts";
import { admins, type Urgency, users } from "../db/schema.ts";
import { seedCatalogue } from "../db/seed.ts";
import { randomToken } from "../db/tokens.ts";
import { openTestDatabase } from "./databases.ts";
import { type Step, verbs } from "./verbs.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the tests happen: a Monday morning. */
export const NOW = Date.UTC(2026, 2, 2, 9);

/** Owns the bookings. */
export const alice = { name: "Alice Meyer", email: "alice@northwind.example" };
/** The outsider. */
export const bob = { name: "Bob Okafor", email: "bob@okafor.example" };
/** An admin. */
export const ada = { name: "Ada Novak", email: "ada@connectpro.example" };

/** A service with a price, and one that is priced after review. */
export const PRICED = "landing-page";
export const UNPRICED = "website-relaunch";

export const provider: Actor = { kind: "provider", id: null, name: "test" };
export const clock: Actor = { kind: "clock", id: null, name: "ConnectPro" };
export const approveAfter = (urgency: Urgency) => ["high", "urgent"].includes(urgency) ? 72 : 96;

/** Ada, the first admin, as one who looks: an owner sees everything. */
export const OWNER = { kind: "admin", id: 1 } as const;

export type Cast = { db: Db; alice: Actor; bob: Actor; ada: Actor };

/** The catalogue, and the three people with confirmed addresses and one password. */
export async function castIn(db: Db, passwordHash = "none"): Promise<Cast> {
  await seedCatalogue(db);
  const person = { passwordHash, createdAt: NOW - DAY };
  const clients = await db.insert(users)
    .values([alice, bob].map((of) => ({ ...of, ...person, emailVerifiedAt: NOW - DAY })))
    .returning();
  const [owner] = await db.insert(admins).values({ ...ada, ...person, role: "owner" }).returning();
  const client = ({ email, name }: typeof alice): Actor => ({
    kind: "client",
    id: clients.find((row) => row.email === email)?.id ?? null,
    name,
  });
  return {
    db,
    alice: client(alice),
    bob: client(bob),
    ada: { kind: "admin", id: owner?.id ?? null, name: ada.name },
  };
}

/** The same in a fresh database, which goes when the cast is disposed of. */
export async function openCast(): Promise<Cast & AsyncDisposable> {
  const database = await openTestDatabase();
  const cast = await castIn(database.db);
  return { ...cast, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

type NewAdmin = Pick<typeof admins.$inferInsert, "name" | "email" | "role" | "passwordHash">;

/** One more admin; returns their id. */
export async function hire(db: Db, admin: NewAdmin): Promise<number> {
  const rows = await db.insert(admins).values({ ...admin, createdAt: NOW - DAY })
    .returning({ id: admins.id });
  return rows[0]?.id as number;
}

type Wanted = Partial<Pick<BookingForm, "service" | "urgency" | "details" | "idempotency_key">> & {
  now?: number;
  userId?: number;
  reference?: () => string;
};

/** What `submitBooking` takes for a booking of `client`'s. */
export function submission(client: typeof alice, wanted: Wanted = {}) {
  const { now = NOW, userId, reference, ...form } = wanted;
  const words = { service: PRICED, urgency: "medium" as const, details: "For the spring fair." };
  return {
    form: { ...client, ...words, idempotency_key: randomToken(), ...form },
    ...{ userId, currency: "USD", approveAfter, now, reference },
  };
}

/** The moves that lead from a new booking to each status. */
const roads: Record<Status, Step[]> = {
  pending: [],
  approved: ["approve"],
  payment_pending: ["approve", "start_payment"],
  paid: ["approve", "start_payment", "confirm_payment"],
  in_progress: ["approve", "start_payment", "confirm_payment", "start"],
  completed: ["approve", "start_payment", "confirm_payment", "start", "complete"],
  rejected: ["reject"],
  cancelled: ["cancel"],
  expired: ["approve", "expire"],
};

/** A booking of Alice's that was brought to `status` by the verbs, a minute for each. */
export async function bookingIn(
  cast: Cast,
  status: Status,
  wanted: Wanted = {},
): Promise<BookingFile> {
  const userId = cast.alice.id as number;
  const { reference } = await submitBooking(cast.db, submission(alice, { userId, ...wanted }));
  let now = wanted.now ?? NOW;
  for (const move of roads[status]) {
    const actor = { start_payment: cast.alice, expire: clock }[move as string] ?? cast.ada;
    await verbs[move](cast.db, await fileOf(cast.db, reference), { actor, now: now += 60_000 });
  }
  return await fileOf(cast.db, reference);
}

/** The references of `count` new bookings of Alice's, made ten at a time. */
export async function manyBookings(cast: Cast, count: number): Promise<string[]> {
  const references: string[] = [];
  while (references.length < count) {
    const forms = Array.from(
      { length: Math.min(10, count - references.length) },
      () => submission(alice, { userId: cast.alice.id as number }),
    );
    const made = await Promise.all(forms.map((form) => submitBooking(cast.db, form)));
    references.push(...made.map(({ reference }) => reference));
  }
  return references;
}

/** A booking as it stands now, with all that belongs to it. */
export async function fileOf(db: Db, reference: string): Promise<BookingFile> {
  return await findBookingFor(db, OWNER, reference);
}

/** Every row of every table but those that count tries and keep who tried: to see that nothing was changed. */
export async function dump(db: Db): Promise<Record<string, unknown[]>> {
  const { audit_log: _, rate_limits: __, sqlite_sequence: ___, ...rest } = await dumpAll(db);
  return rest;
}

/** Every row of every table, nothing left out. */
export async function dumpAll(db: Db): Promise<Record<string, unknown[]>> {
  const tables = await db.$client.execute(
    "select name from sqlite_schema where type = 'table' and name not like '%_search%'",
  );
  const names = tables.rows.map((row) => String(row.name));
  const rows = await db.$client.batch(names.map((name) => `select * from ${name}`), "read");
  return Object.fromEntries(names.map((name, at) => [name, rows[at]?.rows ?? []]));
}
