import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { type PaymentMethod, payments, refunds } from "../../db/schema.ts";
import { findRefundFile } from "../../db/refund_finders.ts";
import { requestRefund } from "../../db/refunds.ts";
import { type Gateway, GatewayError, type RefundAnswer } from "../../jobs/gateways/gateway.ts";
import { testGateway } from "../../jobs/gateways/fake.ts";
import { readConfig } from "../../jobs/config.ts";
import { sendRefunds } from "../../jobs/send_refunds.ts";
import { bookingIn, type Cast, castIn, fileOf, NOW, OWNER } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";

const config = readConfig({ APP_ENV: "test" }, []);

/** A provider that answers each refund by the amount that it is about, and remembers what it was asked. */
function providerOf(answers: Record<number, RefundAnswer | Error>) {
  const asked: string[] = [];
  const gateway: Gateway = {
    ...testGateway,
    refund: (refund) => {
      asked.push(`${refund.id} ${refund.providerRef}`);
      const answer = answers[refund.amountMinor];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer!);
    },
  };
  return { asked, gateway };
}

/** Refunds of one payment made by `method`, one of each amount. */
async function refundsIn(cast: Cast, amounts: number[], method: PaymentMethod = "test") {
  const { booking } = await bookingIn(cast, "paid");
  await cast.db.update(payments).set({ method }).where(eq(payments.bookingId, booking.id));
  const { payments: [payment] } = await fileOf(cast.db, booking.reference);
  for (const amountMinor of amounts) {
    await requestRefund(cast.db, await findRefundFile(cast.db, OWNER, payment?.id ?? ""), {
      ...{
        actor: cast.ada,
        now: NOW,
        reason: "Sorry.",
        idempotencyKey: `${method} ${amountMinor}`,
      },
      amountMinor,
    });
  }
  return booking.reference;
}

async function openBank(answers: Record<number, RefundAnswer | Error> = {}) {
  const database = await openTestDatabase();
  const cast = await castIn(database.db);
  const { asked, gateway } = providerOf(answers);
  const post = { db: database.db, config, mailer: null, gateways: [gateway] };
  const states = async () =>
    Object.fromEntries(
      (await database.db.select().from(refunds)).map((refund) => [
        refund.amountMinor,
        [refund.status, refund.lastError, refund.attempts],
      ]),
    );
  return {
    cast,
    asked,
    post,
    states,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

Deno.test("each refund ends as its provider says, and none keeps another one waiting", async () => {
  await using bank = await openBank({
    1: { status: "succeeded", providerRef: "re_1" },
    2: { status: "processing", providerRef: "re_2" },
    3: { status: "failed", providerRef: "re_3", error: "card-expired" },
    4: new GatewayError("timeout", false),
    5: new GatewayError("refused-unknown", true),
    6: new TypeError("a bug, with what somebody typed"),
  });
  await refundsIn(bank.cast, [1, 2, 3, 4, 5, 6]);
  assertEquals(await sendRefunds(bank.post, NOW), 2);
  assertEquals(await bank.states(), {
    1: ["succeeded", null, 1],
    2: ["processing", null, 1],
    3: ["failed", "card-expired", 1],
    4: ["requested", "timeout", 1],
    5: ["failed", "refused-unknown", 1],
    6: ["requested", "TypeError", 1],
  });
  assertEquals(await sendRefunds(bank.post, NOW), 0);
  assertEquals(bank.asked.length, 6);
});

Deno.test("what was not answered is told again as the same refund, and what was taken is asked about", async () => {
  const answers: Record<number, RefundAnswer | Error> = {
    1: new GatewayError("unreachable", false),
    2: { status: "processing", providerRef: "re_2" },
  };
  await using bank = await openBank(answers);
  await refundsIn(bank.cast, [1, 2]);
  await sendRefunds(bank.post, NOW);
  answers[1] = { status: "succeeded", providerRef: "re_1" };
  answers[2] = { status: "succeeded", providerRef: "re_2" };
  assertEquals(await sendRefunds(bank.post, NOW + 59_999), 0);
  assertEquals(await sendRefunds(bank.post, NOW + 60_000), 1);
  assertEquals(await sendRefunds(bank.post, NOW + 6 * 3_600_000), 1);
  assertEquals(await bank.states(), { 1: ["succeeded", null, 2], 2: ["succeeded", null, 2] });
  const told = bank.asked.map((line) => line.split(" ")[1]);
  assertEquals(told, ["null", "null", "null", "re_2"]);
  assertEquals(new Set(bank.asked.map((line) => line.split(" ")[0])).size, 2);
});

Deno.test("two senders at once tell a provider once", async () => {
  const amounts = [1, 2, 3, 4, 5];
  const fine = { status: "succeeded", providerRef: null } as const;
  await using bank = await openBank(Object.fromEntries(amounts.map((amount) => [amount, fine])));
  await refundsIn(bank.cast, amounts);
  const sent = await Promise.all([1, 2, 3].map(() => sendRefunds(bank.post, NOW)));
  assertEquals(sent.reduce((sum, count) => sum + count, 0), 5);
  assertEquals(bank.asked.length, 5);
});

Deno.test("a provider that is no longer configured fails the refund, so that people send it another way", async () => {
  await using bank = await openBank();
  await refundsIn(bank.cast, [7], "paypal");
  assertEquals(await sendRefunds(bank.post, NOW), 0);
  assertEquals(await bank.states(), { 7: ["failed", "not-configured", 1] });
});

Deno.test("the test payment's money goes back at once", async () => {
  await using bank = await openBank();
  const reference = await refundsIn(bank.cast, [89_000]);
  await sendRefunds({ ...bank.post, gateways: [testGateway] }, NOW);
  const { payments: [payment] } = await fileOf(bank.cast.db, reference);
  assertEquals([payment?.status, payment?.refundedMinor], ["refunded", 89_000]);
});
