import { assertEquals } from "@std/assert";
import {
  approveBooking,
  cancelBooking,
  PAY_WITHIN,
  rejectBooking,
  REOPEN_WITHIN,
  reopenBooking,
} from "../../db/booking_reviews.ts";
import { confirmPayment } from "../../db/payment_reviews.ts";
import type { Payment } from "../../db/payments.ts";
import { emailNotifications } from "../../db/schema.ts";
import { bookingIn, DAY, dump, fileOf, HOUR, NOW, openCast, UNPRICED } from "../cast.ts";
import { assertProblem } from "../problems.ts";
import { verbs } from "../verbs.ts";

const LATER = NOW + DAY;

Deno.test("approveBooking() fixes price, note and the date to pay by, and tells the client", async () => {
  await using cast = await openCast();
  const { db, ada } = cast;
  const file = await bookingIn(cast, "pending", { service: UNPRICED });
  const note = "With a second language.";
  await approveBooking(db, file.booking, { actor: ada, now: LATER, priceMinor: 395_000, note });

  const { booking, events } = await fileOf(db, file.booking.reference);
  assertEquals([booking.priceMinor, booking.approvalNote], [395_000, note]);
  assertEquals(booking.payBy, LATER + PAY_WITHIN);
  assertEquals([events.at(-1)?.priceMinor, events.at(-1)?.note], [395_000, note]);
  const mail = (await db.select().from(emailNotifications)).at(-1);
  assertEquals([mail?.template, mail?.params.priceMinor], ["booking_approved", 395_000]);
  assertEquals([mail?.params.note, mail?.params.payBy], [note, booking.payBy]);
});

Deno.test("approveBooking() may take what is held, and it is not held any more", async () => {
  await using cast = await openCast();
  const { booking: { reference } } = await bookingIn(cast, "pending");
  for (const verb of ["hold", "approve"] as const) {
    await verbs[verb](cast.db, await fileOf(cast.db, reference), { actor: cast.ada, now: LATER });
  }
  const { booking } = await fileOf(cast.db, reference);
  assertEquals([booking.status, booking.heldAt], ["approved", null]);
});

Deno.test("a hold stops the clock and a release lets it run on", async () => {
  await using cast = await openCast();
  const { booking: { reference, autoApproveAt } } = await bookingIn(cast, "pending");
  const hold = async (now: number) => {
    await verbs.hold(cast.db, await fileOf(cast.db, reference), { actor: cast.ada, now });
    return (await fileOf(cast.db, reference)).booking;
  };
  assertEquals((await hold(NOW + HOUR)).heldAt, NOW + HOUR);
  const released = await hold(NOW + 4 * HOUR);
  assertEquals([released.heldAt, released.version], [null, 3]);
  assertEquals(released.autoApproveAt, autoApproveAt as number + 3 * HOUR);
});

Deno.test("rejectBooking() and cancelBooking() tell the client why, and who ended it", async () => {
  await using cast = await openCast();
  const { db, alice, ada } = cast;
  const { booking: unwanted } = await bookingIn(cast, "pending");
  await rejectBooking(db, unwanted, { actor: ada, now: LATER, note: "Not what we do." });
  const { booking: changed, payments } = await bookingIn(cast, "approved");
  await cancelBooking(db, changed, { actor: alice, now: LATER, note: "Too late.", payments });

  const mails = (await db.select().from(emailNotifications))
    .filter(({ createdAt }) => createdAt === LATER);
  assertEquals(mails.map(({ template, params }) => [template, params.reason, params.by ?? null]), [
    ["booking_rejected", "Not what we do.", null],
    ["booking_cancelled", "Too late.", "client"],
  ]);
});

Deno.test("cancelBooking() ends an open attempt, and is refused once money is here", async () => {
  await using cast = await openCast();
  const { db, alice, ada } = cast;
  const open = await bookingIn(cast, "payment_pending");
  await verbs.cancel(db, open, { actor: alice, now: LATER });
  assertEquals((await fileOf(db, open.booking.reference)).payments[0]?.status, "voided");

  const stale = await bookingIn(cast, "payment_pending");
  const reviewed = { payment: stale.payments[0] as Payment, booking: stale.booking };
  await confirmPayment(db, reviewed, { actor: ada, now: LATER, amountMinor: 1 });
  const before = await dump(db);
  const fresh = await fileOf(db, stale.booking.reference);
  for (const file of [fresh, stale]) {
    await assertProblem(verbs.cancel(db, file, { actor: alice, now: LATER }), "conflict");
  }
  assertEquals(await dump(db), before);
});

Deno.test("reopenBooking() takes work up again for fourteen days, to the millisecond", async () => {
  await using cast = await openCast();
  const { booking } = await bookingIn(cast, "completed");
  const end = booking.completedAt as number + REOPEN_WITHIN;
  const change = { actor: cast.ada, note: "Page 7 is missing." };

  await assertProblem(reopenBooking(cast.db, booking, { ...change, now: end + 1 }), "conflict");
  await reopenBooking(cast.db, booking, { ...change, now: end });
  const after = (await fileOf(cast.db, booking.reference)).booking;
  assertEquals([after.status, after.completedAt], ["in_progress", null]);
});

Deno.test("an expired booking that is reinstated keeps its price and gets a new date to pay by", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "expired");
  await verbs.reinstate(cast.db, file, { actor: cast.ada, now: NOW + 30 * DAY });

  const { booking } = await fileOf(cast.db, file.booking.reference);
  assertEquals([booking.status, booking.priceMinor], ["approved", file.booking.priceMinor]);
  assertEquals(booking.payBy, NOW + 30 * DAY + PAY_WITHIN);
});
