import { assert, assertEquals } from "@std/assert";
import type { BookingFile } from "../../db/booking_finders.ts";
import { recordOutsidePayment } from "../../db/outside_payments.ts";
import { confirmPayment, refusePayment } from "../../db/payment_reviews.ts";
import { announceTransfer, type Payment } from "../../db/payments.ts";
import { emailNotifications } from "../../db/schema.ts";
import { bookingIn, type Cast, castIn, dump, fileOf, NOW, openCast } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";
import { paymentOf, verbs } from "../verbs.ts";

const confirm = (cast: Cast, file: BookingFile, extra = 0) => {
  const payment = paymentOf(file);
  const receipt = { receivedOn: "2026-03-02", reference: "Statement 12" };
  const amountMinor = payment.amountMinor + extra;
  return confirmPayment(cast.db, { payment, booking: file.booking }, {
    ...{ ...receipt, amountMinor, actor: cast.ada, now: NOW + 1 },
  });
};
const refuse = (cast: Cast, file: BookingFile) =>
  refusePayment(cast.db, { payment: paymentOf(file), booking: file.booking }, {
    ...{ actor: cast.ada, now: NOW + 1, note: "Nothing came." },
  });
const again = (cast: Cast, { booking }: BookingFile) => fileOf(cast.db, booking.reference);

eachDatabase("confirmPayment() of the exact price settles the booking", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "payment_pending");
  await confirm(cast, file);

  const { booking, payments: [payment], room } = await again(cast, file);
  assertEquals([booking.status, payment?.status], ["paid", "succeeded"]);
  assertEquals(payment?.receivedMinor, booking.priceMinor);
  assertEquals([payment?.receivedOn, payment?.reference], ["2026-03-02", "Statement 12"]);
  assert(room);
  const mails = (await db.select().from(emailNotifications)).map(({ template }) => template);
  assertEquals(mails.slice(-2), ["payment_received", "chat_invitation"]);
});

for (const [word, extra] of [["short", -1], ["over", 1]] as const) {
  Deno.test(`confirmPayment() of an amount that is ${word} waits, and the right one settles`, async () => {
    await using cast = await openCast();
    const file = await bookingIn(cast, "payment_pending");
    await confirm(cast, file, extra);

    const waits = await again(cast, file);
    assertEquals([waits.booking.status, waits.booking.version], ["payment_pending", 3]);
    assertEquals([waits.payments[0]?.status, waits.payments[0]?.reason], ["needs_review", word]);
    assertEquals(waits.room, null);

    await confirm(cast, waits);
    const { booking, payments: [payment] } = await again(cast, file);
    assertEquals([booking.status, payment?.status, payment?.reason], ["paid", "succeeded", null]);
  });
}

Deno.test("confirmPayment() and refusePayment() of a decided payment change nothing", async () => {
  await using cast = await openCast();
  const stale = await bookingIn(cast, "payment_pending");
  await confirm(cast, stale);
  const fresh = await again(cast, stale);
  const before = await dump(cast.db);

  for (const file of [stale, { ...fresh, payments: [] }]) {
    await assertProblem(confirm(cast, file), "conflict");
  }
  const decided = { booking: fresh.booking, payment: fresh.payments[0] as Payment };
  const by = { actor: cast.ada, now: NOW + 2 };
  await assertProblem(confirmPayment(cast.db, decided, { ...by, amountMinor: 1 }), "conflict");
  await assertProblem(refusePayment(cast.db, decided, { ...by, note: "No." }), "conflict");
  await assertProblem(refuse(cast, stale), "conflict");
  assertEquals(await dump(cast.db), before);
});

Deno.test("refusePayment() makes the booking payable again and says why", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "payment_pending");
  await refuse(cast, file);

  const { booking, payments: [payment] } = await again(cast, file);
  assertEquals([booking.status, payment?.status], ["approved", "failed"]);
  assertEquals(payment?.reason, "Nothing came.");
  const mail = (await cast.db.select().from(emailNotifications)).at(-1);
  assertEquals([mail?.template, mail?.params.reason], ["payment_refused", "Nothing came."]);
});

eachDatabase("one of a confirmation, a refusal and a cancellation at once wins", async (db) => {
  const cast = await castIn(db);
  for (let round = 0; round < 5; round++) {
    const file = await bookingIn(cast, "payment_pending");
    const change = { actor: cast.alice, now: NOW + 1 };
    const cancelled = verbs.cancel(db, file, change);
    assertEquals(await winnersOf([confirm(cast, file), refuse(cast, file), cancelled]), 1);
    const { booking, payments: [payment], events } = await again(cast, file);
    assertEquals(booking.version, 4);
    assertEquals(events.length, 4);
    const ends = { paid: "succeeded", approved: "failed", cancelled: "voided" };
    assertEquals(payment?.status, ends[booking.status as keyof typeof ends]);
  }
});

eachDatabase("a transfer announced meanwhile stops what would leave it behind", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "payment_pending");
  await announceTransfer(db, file.payments[0] as Payment, { note: "Sent.", now: NOW });
  const before = await dump(db);
  const change = { actor: cast.alice, now: NOW + 1 };

  await assertProblem(verbs.cancel(db, file, change), "conflict");
  await assertProblem(verbs.start_payment(db, file, change), "conflict");
  await assertProblem(refuse(cast, file), "conflict");
  assertEquals(await dump(db), before);
});

Deno.test("deciding an older payment ends an attempt that nobody is checking", async () => {
  await using cast = await openCast();
  for (const [decide, status] of [[confirm, "paid"], [refuse, "approved"]] as const) {
    const file = await bookingIn(cast, "payment_pending");
    await confirm(cast, file, -1);
    const change = { actor: cast.alice, now: NOW + 1 };
    await verbs.start_payment(cast.db, await again(cast, file), change);
    const two = await again(cast, file);
    const short = two.payments.filter((payment) => payment.status === "needs_review");
    assertEquals([two.payments.length, short.length], [2, 1]);

    await decide(cast, { ...two, payments: short });
    const { booking, payments } = await again(cast, file);
    assertEquals(booking.status, status);
    assertEquals(payments.filter((payment) => payment.status === "voided").length, 1);
  }
});

Deno.test("recordOutsidePayment() settles the exact price once", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "approved");
  const record = (of: BookingFile, extra = 0) =>
    recordOutsidePayment(cast.db, of.booking, {
      ...{ actor: cast.ada, now: NOW + 1, idempotencyKey: "one form", payments: of.payments },
      amountMinor: (of.booking.priceMinor ?? 1) + extra,
    });

  await assertProblem(record(file, -1), "invalid");
  await Promise.allSettled([record(file), record(file)]);
  await record(await again(cast, file));
  const { booking, payments: [payment, ...more], room } = await again(cast, file);
  assertEquals([booking.status, booking.version, more], ["paid", 3, []]);
  assertEquals([payment?.method, payment?.status], ["manual", "succeeded"]);
  assert(room);
});

Deno.test("recordOutsidePayment() is refused while a transfer is checked and where nothing is due", async () => {
  await using cast = await openCast();
  const checked = await bookingIn(cast, "payment_pending");
  await announceTransfer(cast.db, checked.payments[0] as Payment, { note: "Sent.", now: NOW });
  const files = [checked, await again(cast, checked)];
  for (const status of ["pending", "paid", "cancelled"] as const) {
    files.push(await bookingIn(cast, status));
  }
  const before = await dump(cast.db);

  for (const { booking, payments } of files) {
    const by = { actor: cast.ada, now: NOW + 1, idempotencyKey: booking.reference, payments };
    const amountMinor = booking.priceMinor ?? 1;
    await assertProblem(
      recordOutsidePayment(cast.db, booking, { ...by, amountMinor }),
      "conflict",
    );
  }
  assertEquals(await dump(cast.db), before);
});

Deno.test("confirmPayment() of what comes when the booking does not wait for it any more keeps the money", async () => {
  await using cast = await openCast();
  const first = await bookingIn(cast, "payment_pending");
  const other = paymentOf(first);
  await confirm(cast, first, -1);
  await verbs.start_payment(cast.db, await again(cast, first), { actor: cast.alice, now: NOW + 1 });
  const second = (await again(cast, first)).payments.find(({ status }) => status === "open");
  await announceTransfer(cast.db, second as Payment, { note: "Sent again.", now: NOW });
  const both = await again(cast, first);
  await confirm(cast, { ...both, payments: both.payments.filter(({ id }) => id === other.id) });

  await confirm(cast, await again(cast, first));
  const { booking, payments } = await again(cast, first);
  const late = payments.find(({ id }) => id === second?.id);
  assertEquals([booking.status, late?.status, late?.reason], ["paid", "needs_review", "doubled"]);
  assertEquals(late?.receivedMinor, booking.priceMinor);
});
