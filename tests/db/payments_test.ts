import { assertEquals, assertNotEquals } from "@std/assert";
import type { BookingFile } from "../../db/booking_finders.ts";
import { startPayment } from "../../db/payment_starts.ts";
import { announceTransfer, type Payment } from "../../db/payments.ts";
import { chatRooms, emailNotifications, paymentNotices, payments } from "../../db/schema.ts";
import { bookingIn, type Cast, castIn, dump, fileOf, NOW, openCast, UNPRICED } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem } from "../problems.ts";
import { start } from "../verbs.ts";

const begin = (cast: Cast, file: BookingFile, wish: Partial<ReturnType<typeof start>> = {}) =>
  startPayment(cast.db, file.booking, { ...start(file, { actor: cast.alice, now: NOW }), ...wish });

eachDatabase("startPayment() begins one attempt, however often one form is sent", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "approved");
  const once = { idempotencyKey: "one form" };
  const attempts = await Promise.all([1, 2, 3, 4, 5].map(() => begin(cast, file, once)));
  const later = await begin(cast, await fileOf(db, file.booking.reference), once);

  assertEquals(new Set([...attempts, later].map(({ id }) => id)).size, 1);
  const { booking, payments: rows } = await fileOf(db, file.booking.reference);
  assertEquals([booking.status, booking.version, rows.length], ["payment_pending", 3, 1]);
});

Deno.test("startPayment() with another method ends the attempt before", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "payment_pending");
  await begin(cast, file, { method: "test" });

  const after = await fileOf(cast.db, file.booking.reference);
  assertEquals(
    new Map(after.payments.map(({ method, status }) => [method, status])),
    new Map([["test", "open"], ["bank", "voided"]]),
  );
  assertEquals([after.booking.status, after.booking.version], ["payment_pending", 4]);
});

Deno.test("startPayment() by bank transfer mails how to pay, once", async () => {
  await using cast = await openCast();
  const { payments: [payment], booking } = await bookingIn(cast, "payment_pending");

  const mails = await cast.db.select().from(emailNotifications);
  const [told, ...more] = mails.filter(({ template }) => template === "payment_instructions");
  assertEquals(more, []);
  assertEquals(told?.params.paymentId, payment?.id);
  assertEquals(told?.params.priceMinor, booking.priceMinor);
  assertEquals([payment?.amountMinor, payment?.currency], [booking.priceMinor, booking.currency]);
});

Deno.test("startPayment() is refused while the last payment is being checked", async () => {
  await using cast = await openCast();
  const file = await bookingIn(cast, "payment_pending");
  await announceTransfer(cast.db, file.payments[0] as Payment, { note: "Sent.", now: NOW });
  const before = await dump(cast.db);

  await assertProblem(begin(cast, await fileOf(cast.db, file.booking.reference)), "conflict");
  await assertProblem(begin(cast, file), "conflict");
  assertEquals(await dump(cast.db), before);
});

Deno.test("startPayment() is refused without a price and on the form of another booking", async () => {
  await using cast = await openCast();
  const unpriced = await bookingIn(cast, "pending", { service: UNPRICED });
  const [first, second] = [await bookingIn(cast, "approved"), await bookingIn(cast, "approved")];
  await begin(cast, first, { idempotencyKey: "one form" });
  const before = await dump(cast.db);

  await assertProblem(begin(cast, unpriced), "conflict");
  await assertProblem(begin(cast, second, { idempotencyKey: "one form" }), "conflict");
  assertEquals(await dump(cast.db), before);
});

eachDatabase("startPayment() by a method that settles at once is one write", async (db) => {
  const cast = await castIn(db);
  const file = await bookingIn(cast, "approved");
  await begin(cast, file, {
    method: "test",
    opens: ({ id, amountMinor, currency }) => ({
      status: "open",
      notice: {
        ...{ provider: "test", eventId: "event 1", paymentId: id, outcome: "succeeded" },
        ...{ kind: "test.paid", bodyHash: null, amount: amountMinor },
        ...{ currency, at: NOW },
      },
    }),
  });

  const after = await fileOf(db, file.booking.reference);
  assertEquals([after.booking.status, after.payments[0]?.status], ["paid", "succeeded"]);
  assertEquals(after.events.slice(-2).map(({ move, actorKind }) => [move, actorKind]), [
    ["start_payment", "client"],
    ["confirm_payment", "provider"],
  ]);
  assertEquals((await db.select().from(paymentNotices)).length, 1);
  assertEquals((await db.select().from(chatRooms)).length, 1);
});

Deno.test("announceTransfer() is taken once, and only for an open bank transfer", async () => {
  await using cast = await openCast();
  const { payments: [payment] } = await bookingIn(cast, "payment_pending");
  const announce = (of: Partial<Payment>) =>
    announceTransfer(cast.db, { ...payment as Payment, ...of }, { note: "Sent.", now: NOW + 1 });

  await assertProblem(announce({ method: "test" }), "conflict");
  await announce({});
  await assertProblem(announce({}), "conflict");
  await assertProblem(announce({ status: "under_review" }), "conflict");
  const [row] = await cast.db.select().from(payments);
  assertEquals([row?.status, row?.proofNote], ["under_review", "Sent."]);
  assertNotEquals(row?.updatedAt, payment?.updatedAt);
});
