import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { PAY_WITHIN } from "../../db/booking_reviews.ts";
import { expireUnpaid } from "../../db/bookings_by_clock.ts";
import type { Db } from "../../db/client.ts";
import { sendDigest } from "../../db/digests.ts";
import { awakeSince, isQuiet, localTime } from "../../db/quiet_hours.ts";
import { remindToPay } from "../../db/reminders.ts";
import {
  emailNotifications,
  payments,
  type PaymentStatus,
  type Template,
} from "../../db/schema.ts";
import { bookingIn, castIn, clock, DAY, fileOf, hire, HOUR, NOW, openCast } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { verbs } from "../verbs.ts";

const MINUTE = 60_000;
const zone = "UTC";
const berlin = { zone: "Europe/Berlin" };

async function mailsOf(db: Db, template: Template) {
  const rows = await db.select().from(emailNotifications)
    .where(eq(emailNotifications.template, template));
  return rows.map(({ createdAt }) => createdAt);
}

Deno.test("isQuiet() is from nine in the evening to eight in the morning, in the agency's zone", () => {
  const at = (hour: number, minute = 0) => Date.UTC(2026, 2, 2, hour, minute);
  assertEquals([at(7, 59), at(8), at(20, 59), at(21), at(0)].map((now) => isQuiet(now, "UTC")), [
    ...[true, false, false, true, true],
  ]);
  assertEquals([at(6, 59), at(7), at(20)].map((now) => isQuiet(now, "Europe/Berlin")), [
    ...[true, false, true],
  ]);
  assertEquals(localTime(Date.UTC(2026, 2, 28, 23, 30), "Europe/Berlin"), {
    ...{ day: "2026-03-29", hour: 0 },
  });
  assertEquals(localTime(Date.UTC(2026, 2, 29, 1), "Europe/Berlin").hour, 3);
});

eachDatabase(
  "remindToPay() reminds on day 1, 3 and 6, each once, then the booking ends",
  async (db) => {
    const cast = await castIn(db);
    const { booking } = await bookingIn(cast, "approved");
    const told = booking.payBy as number - PAY_WITHIN;
    const day = (n: number) => told + n * DAY;

    assertEquals(await remindToPay(db, day(1) - 1, { zone }), 0);
    for (const n of [1, 3, 6]) {
      assertEquals([n, await remindToPay(db, day(n), { zone })], [n, 1]);
      const again = await Promise.all(
        [0, 0, 5 * HOUR].map((ms) => remindToPay(db, day(n) + ms, { zone })),
      );
      assertEquals(again, [0, 0, 0]);
    }
    assertEquals(await mailsOf(db, "payment_reminder"), [day(1), day(3), day(6)]);
    assertEquals(await expireUnpaid(db, day(7)), 1);
    assertEquals(await remindToPay(db, day(7), { zone }), 0);
    assertEquals((await fileOf(db, booking.reference)).booking.status, "expired");
    assertEquals(await mailsOf(db, "booking_expired"), [day(7)]);
  },
);

Deno.test("remindToPay() is still at night, and after an outage sends one for all it missed", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "approved", { now: NOW + 13 * HOUR });
  const told = booking.payBy as number - PAY_WITHIN;

  assertEquals(await remindToPay(db, told + DAY, { zone }), 0);
  const back = told + 5 * DAY + 11 * HOUR;
  assertEquals(isQuiet(back, zone), false);
  assertEquals(await remindToPay(db, back, { zone }), 1);
  assertEquals(await remindToPay(db, told + 6 * DAY + 10 * HOUR, { zone }), 0);
  assertEquals(await remindToPay(db, back + DAY, { zone }), 1);
  assertEquals(await mailsOf(db, "payment_reminder"), [back, back + DAY]);
});

Deno.test("nobody is reminded or ended whose money is on its way, waits for a decision or is here", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "payment_pending");
  await bookingIn(cast, "paid");
  const late = booking.payBy as number;
  const attempt = (status: PaymentStatus) =>
    db.update(payments).set({ status }).where(eq(payments.bookingId, booking.id));

  for (const status of ["processing", "under_review", "needs_review"] as const) {
    await attempt(status);
    assertEquals([status, await remindToPay(db, late - 1, { zone })], [status, 0]);
    assertEquals([status, await expireUnpaid(db, late + 30 * DAY)], [status, 0]);
  }
  await attempt("open");
  assertEquals(await remindToPay(db, late - MINUTE, { zone }), 1);
});

eachDatabase(
  "expireUnpaid() ends what was begun and left after an hour, a transfer after three days, the attempt with it",
  async (db) => {
    const cast = await castIn(db);
    const { booking } = await bookingIn(cast, "payment_pending");
    const page = await bookingIn(cast, "payment_pending");
    await db.update(payments).set({ method: "stripe" })
      .where(eq(payments.bookingId, page.booking.id));
    const hour = page.booking.payBy as number + HOUR;
    const due = booking.payBy as number + 3 * DAY;

    assertEquals([await expireUnpaid(db, hour - 1), await expireUnpaid(db, hour)], [0, 1]);
    assertEquals(await expireUnpaid(db, due - 1), 0);
    assertEquals((await Promise.all([expireUnpaid(db, due), expireUnpaid(db, due)])).toSorted(), [
      0,
      1,
    ]);
    const after = await fileOf(db, booking.reference);
    assertEquals([after.booking.status, after.payments[0]?.status], ["expired", "voided"]);
    assertEquals(after.events.slice(-2).map(({ move, actorKind }) => [move, actorKind]), [
      ["fail_payment", "clock"],
      ["expire", "clock"],
    ]);
  },
);

eachDatabase(
  "sendDigest() tells each who sees everything what waits, once a day from eight",
  async (db) => {
    const cast = await castIn(db);
    assertEquals(await sendDigest(db, NOW, { zone }), 0, "nothing waits yet");
    await hire(db, {
      name: "M",
      email: "m@connectpro.example",
      role: "manager",
      passwordHash: "-",
    });
    await hire(db, { name: "G", email: "g@connectpro.example", role: "agent", passwordHash: "-" });
    await bookingIn(cast, "pending", { urgency: "urgent" });
    await bookingIn(cast, "pending");

    const midnight = Date.UTC(2026, 2, 2, 23);
    assertEquals(await sendDigest(db, midnight + 8 * HOUR - 1, berlin), 0);
    const runs = [0, 0, 1, 12].map((hours) =>
      sendDigest(db, midnight + (8 + hours) * HOUR, berlin)
    );
    assertEquals((await Promise.all(runs)).toSorted(), [0, 0, 0, 2]);
    assertEquals(await sendDigest(db, midnight + 32 * HOUR, berlin), 2);
    const [mail] = await db.select().from(emailNotifications)
      .where(eq(emailNotifications.template, "staff_digest"));
    assertEquals(mail?.params.list, "Urgent bookings to review: 1\nOther bookings to review: 1");
    assertEquals(mail?.params.count, 2);
  },
);

eachDatabase(
  "a booking of the day is in the digest of the next morning, not in one of its own",
  async (db) => {
    const cast = await castIn(db);
    const eight = Date.UTC(2026, 2, 3, 7);
    await bookingIn(cast, "pending", { now: eight });
    assertEquals(await sendDigest(db, eight + 1, berlin), 0);
    assertEquals(await sendDigest(db, eight + 12 * HOUR, berlin), 0);
    assertEquals(
      await sendDigest(db, eight + 26 * HOUR, berlin),
      1,
      "two hours late, after an outage",
    );
    assertEquals(await sendDigest(db, eight + 30 * HOUR, berlin), 0);
  },
);

Deno.test("awakeSince() is eight in the morning, also on the day on which the clocks change", () => {
  const late = { zone: "Europe/Berlin", now: Date.UTC(2026, 2, 29, 18, 59) };
  assertEquals(awakeSince(late.now, late.zone), Date.UTC(2026, 2, 29, 6));
  assertEquals(awakeSince(Date.UTC(2026, 2, 28, 7), late.zone), Date.UTC(2026, 2, 28, 7));
  assertEquals(
    awakeSince(Date.UTC(2026, 2, 28, 9), "Asia/Kathmandu"),
    Date.UTC(2026, 2, 28, 2, 15),
  );
});

Deno.test("a new price to pay begins its reminders anew", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const { booking } = await bookingIn(cast, "approved");
  const told = booking.payBy as number - PAY_WITHIN;
  assertEquals(await remindToPay(db, told + DAY, { zone }), 1);
  await verbs.expire(db, await fileOf(db, booking.reference), {
    actor: clock,
    now: told + 8 * DAY,
  });
  await verbs.reinstate(db, await fileOf(db, booking.reference), {
    ...{ actor: cast.ada, now: told + 9 * DAY },
  });
  assertEquals(await remindToPay(db, told + 10 * DAY, { zone }), 1);
});
