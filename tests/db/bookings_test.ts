import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { submitBooking } from "../../db/bookings.ts";
import { findUserByEmail } from "../../db/users.ts";
import { admins, emailNotifications, serviceBookings, services, users } from "../../db/schema.ts";
import {
  alice,
  castIn,
  DAY,
  dump,
  fileOf,
  HOUR,
  NOW,
  openCast,
  PRICED,
  submission,
  UNPRICED,
} from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";
import { verbs } from "../verbs.ts";
import { atOnce } from "./processes_at_once.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };

Deno.test("submitBooking() takes a booking with a snapshot of its service", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const { reference } = await submitBooking(db, submission(alice, { details: "For May." }));
  const { booking, events, payments, room } = await fileOf(db, reference);
  const service = await db.select().from(services).where(eq(services.slug, PRICED)).get();

  assertMatch(reference, /^CP2026[0-9A-HJKMNP-TV-Z]{6}$/);
  assertEquals([booking.status, booking.version, booking.details], ["pending", 1, "For May."]);
  assertEquals([booking.serviceName, booking.cataloguePriceMinor, booking.deliveryDays], [
    service?.name as string,
    service?.priceMinor as number,
    service?.deliveryDays as number,
  ]);
  assertEquals([booking.priceMinor, booking.currency, booking.createdAt], [null, "USD", NOW]);
  assertEquals(events.map(({ move, version, actorId }) => [move, version, actorId]), [
    ["submit", 1, booking.userId],
  ]);
  assertEquals([payments, room], [[], null]);
});

Deno.test("submitBooking() sets the clock by urgency, and none without a price", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const clocks = { low: 96, medium: 96, high: 72, urgent: 72 } as const;
  for (const [urgency, hours] of Object.entries(clocks)) {
    const { reference } = await submitBooking(
      db,
      submission(alice, { urgency: urgency as keyof typeof clocks }),
    );
    assertEquals((await fileOf(db, reference)).booking.autoApproveAt, NOW + hours * HOUR);
  }
  const { reference } = await submitBooking(db, submission(alice, { service: UNPRICED }));
  assertEquals((await fileOf(db, reference)).booking.autoApproveAt, null);
});

eachDatabase(
  "submitBooking() makes one booking of one form, sent twice or twenty times at once",
  async (db) => {
    await castIn(db);
    const once = submission(grace, { idempotency_key: "one form" });
    const made = await Promise.all(Array.from({ length: 20 }, () => submitBooking(db, once)));
    made.push(await submitBooking(db, once));

    assertEquals(new Set(made.map(({ reference }) => reference)).size, 1);
    assertEquals(new Set(made.map(({ accessToken }) => accessToken)).size, 1);
    assertEquals((await db.select().from(serviceBookings)).length, 1);
    assertEquals((await db.select().from(emailNotifications)).length, 2);
    assertEquals((await db.select().from(users).where(eq(users.email, grace.email))).length, 1);
  },
);

eachDatabase(
  "submitBooking() makes one booking of one form sent to two processes",
  async (db, { url }) => {
    await castIn(db);
    const [first, second] = await atOnce("submitBooking", { url, argument: "one form" });
    assertEquals(first?.reference, second?.reference);
    assertEquals((await db.select().from(serviceBookings)).length, 1);
  },
);

Deno.test("submitBooking() answers a form sent again although its service is hidden by now", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const once = submission(alice);
  const first = await submitBooking(db, once);
  await db.update(services).set({ state: "hidden" }).where(eq(services.slug, PRICED));
  assertEquals((await submitBooking(db, once)).reference, first.reference);
});

Deno.test("submitBooking() does not hand a booking to somebody else who sends its key", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  await submitBooking(db, submission(alice, { idempotency_key: "one form" }));
  await assertProblem(
    submitBooking(db, submission(grace, { idempotency_key: "one form" })),
    "conflict",
  );
});

eachDatabase("submitBooking() takes another reference when one is taken", async (db) => {
  await castIn(db);
  const labels = ["CP2026AAAAAA", "CP2026AAAAAA", "CP2026AAAAAA", "CP2026BBBBBB"];
  const reference = () => labels.shift() ?? "CP2026CCCCCC";
  const [first, second] = [
    await submitBooking(db, submission(alice, { reference })),
    await submitBooking(db, submission(alice, { reference })),
  ];
  assertEquals([first.reference, second.reference], ["CP2026AAAAAA", "CP2026BBBBBB"]);
  assertEquals(labels, []);
  assertEquals((await db.select().from(serviceBookings)).length, 2);
});

Deno.test("submitBooking() makes an account without a password for a new address only", async () => {
  await using database = await openTestDatabase();
  const { db, alice: known } = await castIn(database.db);
  await submitBooking(db, submission({ ...grace }));
  await submitBooking(db, submission({ ...grace, name: "G. Holm" }));
  const { reference } = await submitBooking(db, submission({ ...alice, name: "A. Meyer" }));

  const account = await findUserByEmail(db, grace.email);
  assertEquals([account?.name, account?.passwordHash, account?.emailVerifiedAt], [
    "Grace Holm",
    null,
    null,
  ]);
  const { booking } = await fileOf(db, reference);
  assertEquals([booking.userId, booking.clientName], [known.id as number, "A. Meyer"]);
  assertEquals((await findUserByEmail(db, alice.email))?.name, "Alice Meyer");
  assertEquals((await db.select().from(users)).length, 3);
});

Deno.test("submitBooking() refuses what is not on the list, and writes nothing", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  await db.update(services).set({ state: "hidden" }).where(eq(services.slug, PRICED));
  await db.update(services).set({ state: "archived" }).where(eq(services.slug, UNPRICED));
  const before = await dump(db);
  for (const service of [PRICED, UNPRICED, "castle-in-the-air"]) {
    const problem = await assertProblem(
      submitBooking(db, submission(grace, { service })),
      "invalid",
    );
    assertEquals(problem.field, "service");
  }
  assertEquals(await dump(db), before);
});

Deno.test("submitBooking() takes five open bookings of an address that nobody confirmed", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const tries = await Promise.allSettled(
    [1, 2, 3, 4, 5, 6, 7, 8].map(() => submitBooking(db, submission(grace))),
  );
  const [first, ...others] = tries.flatMap((end) => end.status === "fulfilled" ? end.value : []);
  const refused = tries.flatMap((end) => end.status === "rejected" ? end.reason.code : []);
  assertEquals([others.length, ...refused], [4, "too_many", "too_many", "too_many"]);
  await assertProblem(submitBooking(db, submission(grace)), "too_many");

  const file = await fileOf(db, first?.reference ?? "");
  await verbs.reject(db, file, { actor: cast.ada, now: NOW });
  await submitBooking(db, submission(grace));
  await assertProblem(submitBooking(db, submission(grace)), "too_many");
  await db.update(users).set({ emailVerifiedAt: NOW }).where(eq(users.email, grace.email));
  await submitBooking(db, submission(grace));
});

Deno.test("a booking keeps the name and price its service had", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const { reference } = await submitBooking(db, submission(alice));
  const { booking } = await fileOf(db, reference);
  await db.update(services).set({ name: "Another page", priceMinor: 1, deliveryDays: 300 })
    .where(eq(services.slug, PRICED));

  const after = await fileOf(db, reference);
  assertEquals(after.booking, booking);
  assertNotEquals(after.booking.serviceName, "Another page");
});

Deno.test("submitBooking() mails the client and everyone who sees all bookings, once each", async () => {
  await using database = await openTestDatabase();
  const { db } = await castIn(database.db);
  const zoe = { name: "Zoe Lind", email: "zoe@connectpro.example", passwordHash: "none" };
  const gone = { ...zoe, email: "gone@connectpro.example", deactivatedAt: NOW - DAY };
  await db.insert(admins).values(
    [zoe, gone].map((row) => ({ ...row, role: "manager" as const, createdAt: NOW - DAY })),
  );
  const agent = { ...zoe, email: "agent@connectpro.example", role: "agent" as const };
  await db.insert(admins).values({ ...agent, createdAt: NOW - DAY });
  for (
    const [urgency, template] of [["urgent", "urgent_booking"], ["low", "new_booking"]] as const
  ) {
    const { reference } = await submitBooking(db, submission(grace, { urgency }));
    const { booking } = await fileOf(db, reference);
    const mails = await db.select().from(emailNotifications)
      .where(eq(emailNotifications.bookingId, booking.id));
    assertEquals(mails.map((mail) => [mail.template, mail.recipientEmail]), [
      ["booking_received", "grace@holm.example"],
      [template, "ada@connectpro.example"],
      [template, "zoe@connectpro.example"],
    ]);
    assertEquals(mails.map((mail) => mail.params.reference), Array(3).fill(reference));
  }
});
