import { assertEquals, assertMatch } from "@std/assert";
import { reviewReasons } from "../../db/payment_reasons.ts";
import { newPayment, type Payment } from "../../db/payments.ts";
import { paymentMethods, paymentStatuses, refundStatuses } from "../../db/schema.ts";
import { clientState, refundForClient } from "../../views/payment_words.ts";
import { bookingIn, castIn, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

Deno.test("every state of every method, every reason and every refund has words for the client", async () => {
  await using database = await openTestDatabase();
  const { booking } = await bookingIn(await castIn(database.db), "approved");
  const begun = newPayment(booking, { now: NOW, method: "bank", idempotencyKey: "one" });
  const said = (over: Partial<Payment>) => clientState({ ...begun, ...over });

  for (const method of paymentMethods) {
    for (const status of paymentStatuses) {
      assertMatch(said({ method, status }), /^[A-Z][\w ,.]+\w$/);
    }
  }
  const odd = { status: "needs_review" as const, receivedMinor: 10_000, currency: "EUR" };
  const reasons = reviewReasons.map((reason) => said({ ...odd, reason }));
  assertEquals(reasons.map((text) => text.replace(". We look at it and write to you", "")), [
    "EUR 100.00 arrived, EUR 890.00 is due",
    "EUR 100.00 arrived, only EUR 890.00 was due",
    "Money in another currency arrived, EUR 890.00 is due",
    "EUR 100.00 arrived on another network than the one you chose",
    "Another token than USDT arrived",
    "EUR 100.00 arrived after the time to pay was over",
    "EUR 100.00 arrived after this booking had ended",
    "EUR 100.00 arrived, but this booking was paid already",
    "EUR 100.00 was seen on its network, and its end was not",
  ]);
  const paid = { status: "succeeded" as const, currency: "EUR", amountMinor: 10_000 };
  const twice = { ...paid, reason: "doubled", receivedMinor: 20_000, settledMinor: 10_000 };
  assertEquals([said(paid), said({ ...paid, part: true }), said(twice)], [
    "Confirmed",
    "Confirmed as a part of the price",
    "Confirmed. EUR 100.00 more than that arrived. We look at it and write to you",
  ]);
  assertEquals(said({ ...twice, refundedMinor: 10_000 }), "Confirmed");
  assertEquals(refundStatuses.map((status) => refundForClient("EUR 50.00", status)), [
    "EUR 50.00 is on its way back to you.",
    "EUR 50.00 is on its way back to you.",
    "EUR 50.00 was sent back to you.",
    "EUR 50.00 could not be sent back yet. We see to it and write to you.",
  ]);
});
