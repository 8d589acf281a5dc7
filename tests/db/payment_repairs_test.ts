import { assertEquals } from "@std/assert";
import { listAudit } from "../../db/audit.ts";
import { expireUnpaid } from "../../db/bookings_by_clock.ts";
import { freeIdleBookings } from "../../db/idle_bookings.ts";
import { mayCancel } from "../../db/payment_finders.ts";
import { askForRest } from "../../db/payment_parts.ts";
import { acceptPayment } from "../../db/payment_repairs.ts";
import type { Payment } from "../../db/payments.ts";
import { requestRefund } from "../../db/refunds.ts";
import { type Cast, castIn, clock, DAY, dump, NOW, openCast } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { again, attempt, mailed, paying, standing, tell } from "../ledger.ts";
import { assertProblem, winnersOf } from "../problems.ts";
import { verbs } from "../verbs.ts";

const by = ({ ada }: Cast) => ({ actor: ada, now: NOW + 1, note: "We agreed so." });

async function repair(cast: Cast, { id }: Payment) {
  const { file: { booking, payments } } = await again(cast.db, { id } as Payment);
  return { booking, payments, payment: payments.find((payment) => payment.id === id) as Payment };
}

const accept = async (cast: Cast, payment: Payment) =>
  await acceptPayment(cast.db, await repair(cast, payment), by(cast));
const askRest = async (cast: Cast, payment: Payment) =>
  await askForRest(cast.db, await repair(cast, payment), by(cast));

/** An attempt for which `amount` came. */
async function came(cast: Cast, amount: number): Promise<Payment> {
  const { payment } = await paying(cast);
  await tell(cast.db, payment, { amount });
  return payment;
}

Deno.test("acceptPayment() of less lowers the price to what is here, for all to see", async () => {
  await using cast = await openCast();
  const payment = await came(cast, 80_000);
  await accept(cast, payment);

  const { file: { booking, events, room } } = await again(cast.db, payment);
  assertEquals(await standing(cast.db, payment), "paid succeeded");
  assertEquals([booking.priceMinor, room !== null], [80_000, true]);
  const last = events.at(-1);
  assertEquals([last?.move, last?.priceMinor, last?.note], [
    "confirm_payment",
    80_000,
    "We agreed so.",
  ]);
  const [entry] = await listAudit(cast.db, { action: "payment.accept", limit: 2 });
  assertEquals([entry?.actorName, entry?.before?.priceMinor, entry?.after?.priceMinor], [
    "Ada Novak",
    89_000,
    80_000,
  ]);
});

Deno.test("acceptPayment() takes more, another currency and what came late, and keeps the price", async () => {
  await using cast = await openCast();
  const late = async (expires: boolean) => {
    const { payment } = await paying(cast);
    await tell(cast.db, payment, { outcome: "expired" });
    const { file } = await again(cast.db, payment);
    if (expires) await verbs.expire(cast.db, file, { actor: clock, now: NOW });
    await tell(cast.db, payment);
    return payment;
  };
  const { payment: foreign } = await paying(cast);
  await tell(cast.db, foreign, { currency: "EUR" });
  const cases: [Payment, string][] = [
    [await came(cast, 90_000), "confirm_payment"],
    [foreign, "confirm_payment"],
    [await late(false), "confirm_payment"],
    [await late(true), "reinstate confirm_payment"],
  ];
  for (const [payment, moves] of cases) {
    await accept(cast, payment);
    const { file: { booking, events } } = await again(cast.db, payment);
    assertEquals([await standing(cast.db, payment), booking.priceMinor], [
      "paid succeeded",
      89_000,
    ]);
    assertEquals(events.map(({ move }) => move).join(" ").endsWith(moves), true, moves);
  }
});

eachDatabase(
  "acceptPayment() twice at once settles once, and never what can only go back",
  async (db) => {
    const cast = await castIn(db);
    const payment = await came(cast, 80_000);
    const file = await repair(cast, payment);
    const both = [1, 2].map(() => acceptPayment(db, file, by(cast)));
    assertEquals(await winnersOf(both), 1);
    await assertProblem(accept(cast, payment), "conflict");

    const doubled = await came(cast, 80_000);
    const winner = await attempt(cast, (await again(db, doubled)).file);
    await tell(db, winner);
    const { payment: ended, file: { booking, payments } } = await paying(cast);
    await verbs.cancel(db, { ...(await again(db, ended)).file, booking, payments }, {
      ...{ actor: cast.alice, now: NOW },
    });
    await tell(db, ended);
    const before = await dump(db);
    for (const stuck of [doubled, ended]) {
      await assertProblem(accept(cast, stuck), "conflict");
      await assertProblem(askRest(cast, stuck), "conflict");
    }
    assertEquals(await dump(db), before);
  },
);

eachDatabase(
  "askForRest() counts what came as a part, and the rest settles in any way",
  async (db) => {
    const cast = await castIn(db);
    const part = await came(cast, 50_000);
    const stale = (await again(db, part)).file;
    assertEquals(await winnersOf([askRest(cast, part), askRest(cast, part)]), 1);
    assertEquals(await standing(db, part), "payment_pending succeeded short");
    const [mail] = await mailed(db, "payment_refused");
    assertEquals([mail?.params.amountMinor, mail?.params.dueMinor, mail?.to], [
      ...[50_000, 39_000, "alice@northwind.example"],
    ]);
    await assertProblem(attempt(cast, stale), "conflict");

    const { file } = await again(db, part);
    assertEquals(mayCancel(file), false);
    await assertProblem(verbs.cancel(db, file, { actor: cast.ada, now: NOW }), "conflict");
    await freeIdleBookings(db, NOW + 99 * DAY, 9);
    assertEquals(await expireUnpaid(db, NOW + 99 * DAY), 0);
    const rest = await attempt(cast, file, { method: "paypal" });
    assertEquals(rest.amountMinor, 39_000);
    await tell(db, rest);
    assertEquals(await standing(db, rest), "paid succeeded");
  },
);

Deno.test("the rest that comes by the part's own attempt settles too, and a third of it waits", async () => {
  await using cast = await openCast();
  for (
    const [more, stands] of [[39_000, "paid succeeded"], [
      9_000,
      "payment_pending needs_review short",
    ]] as const
  ) {
    const { payment } = await paying(cast);
    await tell(cast.db, payment, { amount: 50_000, providerPayment: "first" });
    await askRest(cast, payment);
    await tell(cast.db, payment, { amount: more, providerPayment: "second" });
    assertEquals(await standing(cast.db, payment), stands);
    const { payment: { receivedMinor } } = await repair(cast, payment);
    assertEquals(receivedMinor, 50_000 + more);
  }
});

Deno.test("a part that is sent back lets the booking be paid again, at the whole price", async () => {
  await using cast = await openCast();
  const payment = await came(cast, 50_000);
  await askRest(cast, payment);
  const order = { amountMinor: 50_000, reason: "Changed their mind.", idempotencyKey: "one" };
  const file = await repair(cast, payment);
  await requestRefund(cast.db, { ...file, refunds: [] }, { ...by(cast), ...order });
  await tell(cast.db, payment, { outcome: "refunded", amount: 50_000 });

  await freeIdleBookings(cast.db, NOW + DAY, 9);
  assertEquals(await standing(cast.db, payment), "approved refunded short");
  assertEquals((await attempt(cast, (await again(cast.db, payment)).file)).amountMinor, 89_000);
});
