import { assertEquals, assertRejects } from "@std/assert";
import { eq } from "drizzle-orm";
import { PAY_WITHIN } from "../../db/booking_reviews.ts";
import { approveOverdue, expireUnpaid } from "../../db/bookings_by_clock.ts";
import type { Db } from "../../db/client.ts";
import { bookingEvents, emailNotifications, payments } from "../../db/schema.ts";
import {
  bookingIn,
  castIn,
  clock,
  DAY,
  dump,
  fileOf,
  HOUR,
  manyBookings,
  NOW,
  openCast,
  UNPRICED,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { verbs } from "../verbs.ts";
import { atOnce } from "./processes_at_once.ts";

/** More than the clock takes at a time. */
const MANY = 60;
/** What a local file bears in a moment. */
const HUNDREDS = 300;

for (const [urgency, hours] of [["medium", 96], ["high", 72], ["urgent", 72]] as const) {
  Deno.test(`asvs V8.3.3: approveOverdue() approves in its own name after ${hours} hours when it is ${urgency}, not a millisecond before`, async () => {
    await using cast = await openCast();
    const { booking } = await bookingIn(cast, "pending", { urgency });
    const due = NOW + hours * HOUR;

    assertEquals(await approveOverdue(cast.db, due - 1), 0);
    assertEquals((await fileOf(cast.db, booking.reference)).booking.status, "pending");
    assertEquals(await approveOverdue(cast.db, due), 1);
    assertEquals(await approveOverdue(cast.db, due), 0);
    const after = await fileOf(cast.db, booking.reference);
    assertEquals([after.booking.status, after.booking.priceMinor, after.booking.payBy], [
      "approved",
      booking.cataloguePriceMinor,
      due + PAY_WITHIN,
    ]);
    assertEquals([after.events[1]?.actorKind, after.events[1]?.at], ["clock", due]);
  });
}

Deno.test("approveOverdue() never approves without a price, and never what is held", async () => {
  await using cast = await openCast();
  await bookingIn(cast, "pending", { service: UNPRICED });
  const held = await bookingIn(cast, "pending");
  await verbs.hold(cast.db, held, { actor: cast.ada, now: NOW + HOUR });
  const before = await dump(cast.db);

  assertEquals(await approveOverdue(cast.db, NOW + 1000 * DAY), 0);
  assertEquals(await dump(cast.db), before);
});

Deno.test("a released booking is approved later by the time that it was held", async () => {
  await using cast = await openCast();
  const { booking: { reference } } = await bookingIn(cast, "pending");
  for (const [verb, at] of [["hold", NOW + 95 * HOUR], ["release", NOW + 200 * HOUR]] as const) {
    await verbs[verb](cast.db, await fileOf(cast.db, reference), { actor: cast.ada, now: at });
  }
  assertEquals(await approveOverdue(cast.db, NOW + 201 * HOUR - 1), 0);
  assertEquals(await approveOverdue(cast.db, NOW + 201 * HOUR), 1);
});

Deno.test("expireUnpaid() ends an approved booking when its time to pay is over, not before", async () => {
  await using cast = await openCast();
  const { booking } = await bookingIn(cast, "approved");
  const due = booking.payBy as number;

  assertEquals(await expireUnpaid(cast.db, due - 1), 0);
  assertEquals(await expireUnpaid(cast.db, due), 1);
  assertEquals(await expireUnpaid(cast.db, due), 0);
  const { booking: after, events } = await fileOf(cast.db, booking.reference);
  assertEquals([after.status, after.priceMinor], ["expired", booking.priceMinor]);
  assertEquals([events.at(-1)?.actorKind, events.at(-1)?.note], ["clock", "Not paid in time."]);
});

Deno.test("expireUnpaid() leaves alone what is being paid, is paid or is done", async () => {
  await using cast = await openCast();
  for (
    const status of ["pending", "payment_pending", "paid", "in_progress", "completed"] as const
  ) {
    await bookingIn(cast, status);
  }
  await cast.db.update(payments).set({ status: "under_review" }).where(eq(payments.status, "open"));
  const before = await dump(cast.db);
  assertEquals(await expireUnpaid(cast.db, NOW + 1000 * DAY), 0);
  assertEquals(await dump(cast.db), before);
});

Deno.test("a client whose payment was refused has time to pay again", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "payment_pending");
  const late = NOW + 30 * DAY;
  await verbs.fail_payment(cast.db, file, { actor: cast.ada, now: late });

  assertEquals(await expireUnpaid(cast.db, late + PAY_WITHIN - 1), 0);
  assertEquals(await expireUnpaid(cast.db, late + PAY_WITHIN), 1);
});

eachDatabase(
  "approveOverdue() and expireUnpaid() act once in many bookings, called at once or in two processes",
  async (db, { url }) => {
    const cast = await castIn(db);
    await manyBookings(cast, MANY);
    const due = NOW + 96 * HOUR;
    const byProcesses = await atOnce("approveOverdue", { url, argument: due });
    assertEquals(total(byProcesses), MANY);
    assertEquals(await countEvents(db, "approve"), MANY);
    assertEquals(await countMails(db, "booking_approved"), MANY);

    const late = due + PAY_WITHIN;
    const byCalls = await Promise.all([1, 2, 3].map(() => expireUnpaid(db, late)));
    assertEquals(total(byCalls), MANY);
    assertEquals(await countEvents(db, "expire"), MANY);
  },
);

Deno.test("approveOverdue() catches up after days without a clock, hundreds in a moment and in order", async () => {
  await using cast = await openCast();
  await manyBookings(cast, HUNDREDS);
  const back = NOW + (96 + 72) * HOUR;

  const trips = countBatches(cast.db);
  assertEquals(await approveOverdue(cast.db, back), HUNDREDS);
  assertEquals(trips(), HUNDREDS / 50);
  assertEquals(await countEvents(cast.db, "approve"), HUNDREDS);
  assertEquals(await countMails(cast.db, "booking_approved"), HUNDREDS);
  assertEquals(await approveOverdue(cast.db, back + DAY), 0);
});

/** Counts the write batches that `db` sends from now on. */
function countBatches({ $client }: Db) {
  let n = 0;
  const batch = $client.batch.bind($client);
  $client.batch = (...args) => {
    n++;
    return batch(...args);
  };
  return () => n;
}

Deno.test("approveOverdue() keeps nobody back for one that the database refuses", async () => {
  await using cast = await openCast();
  const references = await manyBookings(cast, 7);
  await cast.db.$client.execute(
    `create trigger poison before insert on booking_events when NEW.booking_id = 3
      begin select raise(abort, 'poison'); end`,
  );

  await assertRejects(() => approveOverdue(cast.db, NOW + 96 * HOUR), Error);
  const files = await Promise.all(references.map((reference) => fileOf(cast.db, reference)));
  const pending = files.filter(({ booking }) => booking.status === "pending");
  assertEquals(pending.map(({ booking }) => booking.id), [3]);
});

const total = (done: number[]) => done.reduce((sum, n) => sum + n, 0);
const countEvents = async (db: Db, move: string) =>
  (await db.select().from(bookingEvents).where(eq(bookingEvents.move, move)))
    .filter(({ actorKind, actorName }) => actorKind === "clock" && actorName === clock.name).length;
const countMails = async (db: Db, template: "booking_approved") =>
  (await db.select().from(emailNotifications).where(eq(emailNotifications.template, template)))
    .length;
