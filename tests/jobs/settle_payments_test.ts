import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { openAttempt } from "../../db/payment_pages.ts";
import type { Payment } from "../../db/payments.ts";
import { payments } from "../../db/schema.ts";
import { readConfig } from "../../jobs/config.ts";
import { settlePayments } from "../../jobs/settle_payments.ts";
import { bookingIn, type Cast, castIn, DAY, dump, HOUR, NOW } from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { fakeProvider } from "../fake_provider.ts";
import { again, attempt, paying, standing, tell } from "../ledger.ts";

const MINUTE = 60_000;
const LATER = NOW + 10 * MINUTE;
const config = readConfig({ APP_ENV: "test" }, []);

/** The job over a provider of its own, on a fresh database. */
async function openDesk() {
  const database = await openTestDatabase();
  const cast = await castIn(database.db);
  const provider = fakeProvider();
  const post = { db: cast.db, config, mailer: null, gateways: [provider] };
  return {
    ...{ cast, provider },
    run: (now: number) => settlePayments(post, now),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** An attempt whose page at the provider is open. */
async function opened(cast: Cast): Promise<Payment> {
  const { payment } = await paying(cast);
  await openAttempt(cast.db, payment, { providerRef: `page-${payment.id}`, closed: [], now: NOW });
  return payment;
}

Deno.test("F10: what no call told of is asked for after ten minutes, not before", async () => {
  await using desk = await openDesk();
  const { cast, provider, run } = desk;
  const [paid, failed, open] = [await opened(cast), await opened(cast), await opened(cast)];
  provider.knows.set(paid.id, {}).set(failed.id, { outcome: "failed", reason: "declined" });

  assertEquals([await run(LATER - 1), provider.asked], [0, []]);
  assertEquals(await run(LATER), 2);
  assertEquals(provider.asked.length, 3);
  const stand = await Promise.all(
    [paid, failed, open].map((payment) => standing(cast.db, payment)),
  );
  assertEquals(stand, ["paid succeeded", "approved failed declined", "payment_pending open"]);
  assertEquals([await run(LATER + MINUTE), provider.asked.length], [0, 3]);
  assertEquals([await run(LATER + 10 * MINUTE), provider.asked.length], [0, 4]);
});

Deno.test("a provider that is away leaves everything as it is, and is asked again", async () => {
  await using desk = await openDesk();
  const { cast, provider, run } = desk;
  const payment = await opened(cast);
  await cast.db.update(payments).set({ expiresAt: NOW });
  provider.knows.set(payment.id, { outcome: "expired" });
  provider.away = true;

  assertEquals(await run(NOW + DAY), 0);
  assertEquals(await standing(cast.db, payment), "payment_pending open");
  const [row] = await cast.db.select().from(payments);
  assertEquals(row?.askedAt, NOW + DAY);
  provider.away = false;
  assertEquals(await run(NOW + DAY + 10 * MINUTE), 1);
  assertEquals(await standing(cast.db, payment), "approved expired");
});

Deno.test("the pages of attempts that ended here are closed, once", async () => {
  await using desk = await openDesk();
  const { cast, provider, run } = desk;
  const payment = await opened(cast);
  await attempt(cast, (await again(cast.db, payment)).file, { method: "bank" });
  provider.away = true;
  assertEquals([await run(NOW), provider.closed], [0, [payment.id]]);

  provider.away = false;
  assertEquals([await run(NOW), await run(NOW)], [1, 0]);
  assertEquals(provider.closed, [payment.id, payment.id]);
  const ended = await opened(cast);
  await tell(cast.db, ended, { outcome: "expired" });
  assertEquals([await run(NOW), provider.closed.length], [0, 2]);
});

Deno.test("an attempt that never got its page ends after an hour, and its booking can be paid again", async () => {
  await using desk = await openDesk();
  const { cast, run } = desk;
  const { payment } = await paying(cast, { opens: () => ({ status: "created" }) });
  const { payments: [bank] } = await bookingIn(cast, "payment_pending");

  assertEquals(await run(NOW + HOUR - 1), 0);
  assertEquals(await run(NOW + HOUR), 1);
  assertEquals(await standing(cast.db, payment), "approved expired");
  const { file: { events } } = await again(cast.db, payment);
  assertEquals([events.at(-1)?.actorKind, events.at(-1)?.actorName], ["clock", "ConnectPro"]);
  assertEquals(await standing(cast.db, bank as Payment), "payment_pending open");
  const before = await dump(cast.db);
  assertEquals(await run(NOW + HOUR), 0);
  assertEquals(await dump(cast.db), before);
});

Deno.test("a booking that nobody pays any more can be paid again, for a day at least", async () => {
  await using desk = await openDesk();
  const { cast, run } = desk;
  const { payment, file: { booking } } = await paying(cast);
  await cast.db.update(payments).set({ status: "refunded" }).where(eq(payments.id, payment.id));
  const late = (booking.payBy ?? 0) + DAY;

  assertEquals([await run(late), await run(late)], [1, 0]);
  const { file } = await again(cast.db, payment);
  assertEquals([file.booking.status, file.booking.payBy], ["approved", late + DAY]);
});
