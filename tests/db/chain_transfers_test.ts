import { assert, assertEquals, assertRejects } from "@std/assert";
import { eq } from "drizzle-orm";
import { keepReading, type Reading, type Sighting } from "../../db/chain_readings.ts";
import { findTransfer, listTransfersOf, listUnmatchedTransfers } from "../../db/chain_transfers.ts";
import { readWatch } from "../../db/chain_watch.ts";
import type { Db } from "../../db/client.ts";
import { listLapsed } from "../../db/lapsed_quotes.ts";
import { startPayment } from "../../db/payment_starts.ts";
import type { Payment } from "../../db/payments.ts";
import { isProblem } from "../../db/problem.ts";
import { payments } from "../../db/schema.ts";
import { randomToken } from "../../db/tokens.ts";
import { listTransfersToTell, tellTransfer } from "../../db/transfer_notices.ts";
import { assignTransfer, dismissTransfer } from "../../db/transfer_reviews.ts";
import { bookingIn, type Cast, castIn, dump, fileOf, HOUR, NOW, openCast } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";

const OURS = "0x00000000219ab540356cBB839Cbe05303d7705Fa";
const BEGUN = NOW + 300_000;
const NEEDED = 3;

/** An attempt of a new booking, with a quote of `usdtMicro`. */
async function attempt(cast: Cast, usdtMicro: number, now = BEGUN): Promise<Payment> {
  const { booking, payments } = await bookingIn(cast, "approved");
  const quote = { usdtMicro, usdtAddress: OURS, usdtRate: "1", expiresAt: now + HOUR };
  return await startPayment(cast.db, booking, {
    ...{ actor: cast.alice, now, method: "usdt", idempotencyKey: randomToken(), payments },
    opens: () => ({ status: "open", quote: { network: "evm", ...quote } }),
  });
}

const txOf = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;

const sighting = (n: number, of: Partial<Sighting> = {}): Sighting => ({
  ...{ tx: txOf(n), logIndex: 0, block: 100, minedAt: BEGUN + 60_000, micro: 500_000_000 },
  ...{ fromAddress: "0xf00d", toAddress: OURS, ...of },
});

const reading = (sightings: Sighting[], of: Partial<Reading> = {}): Reading => ({
  ...{ network: "evm", sightings, from: 80, to: 100, head: 100, toAt: BEGUN, resumeAt: BEGUN },
  ...{ needed: NEEDED, ...of },
});

const matches = async (db: Db, of: Payment[]) =>
  await Promise.all(of.map(async ({ id }) => (await listTransfersOf(db, id)).map(({ tx }) => tx)));

eachDatabase("a reading is kept once, whoever reads it and however often", async (db) => {
  const cast = await castIn(db);
  const payment = await attempt(cast, 890_001_234);
  const seen = reading([sighting(1, { micro: 890_001_234 }), sighting(2)]);
  await Promise.all([keepReading(db, seen, BEGUN), keepReading(db, seen, BEGUN)]);
  const before = await dump(db);
  await keepReading(db, seen, BEGUN);
  assertEquals(await dump(db), before);
  assertEquals(await matches(db, [payment]), [[txOf(1)]]);
  assertEquals((await listUnmatchedTransfers(db)).map(({ tx }) => tx), [txOf(2)]);

  await keepReading(db, { ...seen, to: 102, head: 102 }, BEGUN);
  const { confirmations, confirmedAt } = await findTransfer(db, {
    ...seen,
    tx: txOf(1),
    logIndex: 0,
  });
  assertEquals([confirmations, confirmedAt], [3, BEGUN]);
  await keepReading(db, seen, BEGUN + 1);
  const after = await findTransfer(db, { ...seen, tx: txOf(1), logIndex: 0 });
  assertEquals([after.confirmations, after.confirmedAt], [3, BEGUN], "a slower process is behind");
  const unknown = await assertRejects(() => findTransfer(db, { ...seen, tx: "0x", logIndex: 0 }));
  assert(isProblem(unknown, "not_found"));
});

Deno.test("whose a transfer is: by its quote, by the running attempt first, never by one that came later", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const micro = 890_000_777;
  const old = await attempt(cast, micro);
  await db.update(payments).set({ status: "expired" });
  const running = await attempt(cast, micro);
  const next = await attempt(cast, 890_000_888, BEGUN + 24 * HOUR);

  const early = sighting(3, { micro: 890_000_888 });
  const first = sighting(1, { micro });
  await keepReading(db, reading([first, early]), BEGUN);
  assertEquals(await matches(db, [old, running, next]), [[], [txOf(1)], []]);
  await keepReading(db, reading([first, early, sighting(2, { micro })]), BEGUN);
  assertEquals(await matches(db, [old, running, next]), [[txOf(2)], [txOf(1)], []]);
});

Deno.test("T-AMOUNT: what is near the quote of the only attempt that waits is that one's, for a person to look at", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const only = await attempt(cast, 890_000_001);
  const far = [sighting(1, { micro: 445_000_000 }), sighting(2, { micro: 1_780_000_003 })];
  await keepReading(db, reading(far), BEGUN);
  assertEquals(await matches(db, [only]), [[]], "too little, too much");
  const near = sighting(3, { micro: 889_000_001, minedAt: BEGUN + 90_000 });
  await keepReading(db, reading([...far, near, sighting(4, { micro: 890_000_002 })]), BEGUN);
  assertEquals(await matches(db, [only]), [[txOf(4)]], "the first of them");
  assertEquals((await listUnmatchedTransfers(db)).length, 3);

  const [late, next] = [await attempt(cast, 100_000_001), await attempt(cast, 100_000_002)];
  const both = sighting(5, { micro: 99_000_000 });
  await keepReading(db, reading([both]), BEGUN);
  assertEquals(await matches(db, [late, next]), [[], []], "it may be either's");
  await db.update(payments).set({ status: "expired" }).where(eq(payments.id, late.id));
  await keepReading(db, reading([both]), BEGUN);
  assertEquals(
    await matches(db, [late, next]),
    [[], []],
    "the other one is over, but not for long",
  );
  await db.update(payments).set({ createdAt: NOW - 24 * HOUR }).where(eq(payments.id, late.id));
  await keepReading(db, reading([both]), BEGUN);
  assertEquals(await matches(db, [late, next]), [[], [txOf(5)]]);
});

Deno.test("a named transaction ties another amount to the one attempt that names it, and an exact one to its own", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const [mine, yours, third] = [
    await attempt(cast, 890_000_001),
    await attempt(cast, 890_000_002),
    await attempt(cast, 890_000_003),
  ];
  const name = (payment: Payment, n: number) =>
    db.$client.execute({
      sql: "update payments set usdt_tx = ? where id = ?",
      args: [txOf(n), payment.id],
    });
  await name(mine, 1);
  await name(yours, 2);
  await name(third, 2);
  const seen = [
    sighting(1, { micro: 890_000_002 }),
    sighting(2),
    sighting(4),
    sighting(4, { logIndex: 1 }),
  ];
  await keepReading(db, reading(seen), BEGUN);
  assertEquals(
    await matches(db, [mine, yours, third]),
    [[], [txOf(1)], []],
    "exact wins, two is none",
  );

  await name(mine, 4);
  await keepReading(db, reading(seen), BEGUN);
  assertEquals(
    await matches(db, [mine, yours, third]),
    [[txOf(4)], [txOf(1)], []],
    "later, one log",
  );
  await name(third, 9);
  await name(yours, 2);
  await keepReading(db, reading(seen), BEGUN);
  assertEquals(await matches(db, [yours]), [[txOf(1)]], "something came for it already");
});

Deno.test("a reorganisation removes what is not final, gives a log another number and may make it another's", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const [mine, yours] = [await attempt(cast, 890_000_001), await attempt(cast, 890_000_002)];
  const final = sighting(9, { block: 90 });
  const log = (logIndex: number, of: Payment) =>
    sighting(1, { logIndex, micro: of.usdtMicro as number });
  await keepReading(db, reading([final, log(0, mine), log(1, yours)]), BEGUN);
  assertEquals(await matches(db, [mine, yours]), [[txOf(1)], [txOf(1)]]);

  await keepReading(db, reading([log(1, mine), log(2, yours)], { head: 101, to: 101 }), BEGUN + 1);
  const indexes = async (of: Payment) =>
    (await listTransfersOf(db, of.id)).map(({ logIndex, removedAt }) => [logIndex, removedAt]);
  assertEquals(await indexes(mine), [[1, null], [0, BEGUN + 1]]);
  assertEquals(await indexes(yours), [[2, null]]);

  const slower = reading([], { head: 99, to: 99 });
  await keepReading(db, slower, BEGUN + 2);
  assertEquals(await indexes(yours), [[2, null]], "another process has not come so far");
  await keepReading(db, reading([log(0, mine), log(1, yours)], { head: 103, to: 103 }), BEGUN + 3);
  assertEquals(await indexes(mine), [[0, null]], "back where it was");
  assertEquals(await indexes(yours), [[1, null], [2, BEGUN + 3]]);
  const kept = await findTransfer(db, { network: "evm", tx: txOf(9), logIndex: 0 });
  assertEquals(kept.removedAt, null, "what is final stays");
});

Deno.test("readWatch() awaits running attempts and those that ended lately, by network and address", async () => {
  await using cast = await openCast();
  const { db } = cast;
  assertEquals(await readWatch(db, BEGUN), { awaited: [], cursors: [] });
  await attempt(cast, 890_000_001);
  const one = { network: "evm" as const, address: OURS, since: BEGUN };
  const awaits = async (now: number) => (await readWatch(db, now)).awaited.length > 0;
  assertEquals((await readWatch(db, BEGUN)).awaited[0], one);
  assertEquals(await awaits(BEGUN + 30 * 24 * HOUR), true, "it runs");
  await db.update(payments).set({ status: "voided", updatedAt: BEGUN });
  assertEquals(await awaits(BEGUN + 3 * 24 * HOUR - 1), true);
  assertEquals(await awaits(BEGUN + 3 * 24 * HOUR), false);
});

Deno.test("a person assigns what is nobody's, or sets it aside: once, in the log, and never what is not final", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const payment = await attempt(cast, 890_000_001);
  const second = await attempt(cast, 890_000_002);
  const by = { actor: cast.ada, now: BEGUN };
  const seen = [sighting(1, { micro: 889_000_000 }), sighting(2)];
  const transfer = (n: number) => findTransfer(db, { network: "evm", tx: txOf(n), logIndex: 0 });
  const code = async (act: Promise<unknown>) => {
    const failure = await assertRejects(() => act);
    return isProblem(failure) ? failure.code : failure;
  };
  await keepReading(db, reading(seen), BEGUN);
  assertEquals(await code(assignTransfer(db, await transfer(1), payment, by)), "conflict");
  await keepReading(db, reading(seen, { head: 102, to: 102 }), BEGUN);
  const bank = { ...payment, method: "bank" as const };
  assertEquals(await code(assignTransfer(db, await transfer(1), bank, by)), "invalid");

  const [short, other] = [await transfer(1), await transfer(2)];
  const both = [payment, second].map((to) => assignTransfer(db, short, to, by));
  const outcomes = (await Promise.allSettled(both)).map(({ status }) => status);
  assertEquals(outcomes, ["fulfilled", "rejected"]);
  await dismissTransfer(db, other, { ...by, note: "Ours." });
  assertEquals(await code(assignTransfer(db, short, payment, by)), "conflict");
  assertEquals(await code(dismissTransfer(db, short, by)), "conflict");
  assertEquals(await code(assignTransfer(db, other, payment, by)), "conflict");
  assertEquals(await listUnmatchedTransfers(db), []);

  const booking = await bookingOf(db, payment);
  const [now] = booking.payments;
  assertEquals([now?.status, now?.reason, now?.receivedMinor], ["needs_review", "short", 88_899]);
  const { rows } = await db.$client.execute(
    `select action, subject, "after" from audit_log where action like 'transfer.%' order by id`,
  );
  assertEquals(rows.map(({ action, subject }) => [action, subject]), [
    ["transfer.assign", txOf(1)],
    ["transfer.dismiss", txOf(2)],
  ]);
  assertEquals(JSON.parse(String(rows[0]?.after)).usdt, "889.000000");
});

Deno.test("an attempt whose transfer was taken off the chain lapses hours after both its end and that", async () => {
  await using database = await openTestDatabase();
  const { db } = database;
  const payment = await attempt(await castIn(db), 890_000_001);
  const end = payment.expiresAt as number;
  await keepReading(db, reading([sighting(1, { micro: 890_000_001 })]), BEGUN);
  const lapsed = async (at: number) => (await listLapsed(db, "evm", at)).length;
  assertEquals(await lapsed(end + 24 * HOUR), 0, "it is on the chain");
  await db.update(payments).set({ status: "processing" });
  await keepReading(db, reading([], { head: 101, to: 101 }), end + 2 * HOUR);
  assertEquals([await lapsed(end + 4 * HOUR), await lapsed(end + 5 * HOUR)], [0, 1]);
});

async function bookingOf(db: Db, { bookingId }: Payment) {
  const { rows } = await db.$client.execute({
    sql: "select reference from service_bookings where id = ?",
    args: [bookingId],
  });
  return await fileOf(db, String(rows[0]?.reference));
}

Deno.test("a thousand transfers are kept, and those that are somebody's told, whenever the process dies between", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const payment = await attempt(cast, 890_000_001);
  const many = Array.from({ length: 1000 }, (_, n) => sighting(n + 10, { micro: 10_000 + n }));
  const seen = reading([...many, sighting(1, { micro: 890_000_001 })], { head: 110, to: 110 });
  await keepReading(db, seen, BEGUN);

  const [due] = await listTransfersToTell(db, "evm");
  assertEquals(due?.payment.id, payment.id);
  await tellTransfer(db, due as NonNullable<typeof due>, BEGUN);
  await db.$client.execute("update chain_transfers set settled_at = null");
  const [again] = await listTransfersToTell(db, "evm");
  await tellTransfer(db, again as NonNullable<typeof again>, BEGUN);
  assertEquals(await listTransfersToTell(db, "evm"), []);
  assertEquals((await bookingOf(db, payment)).booking.status, "paid");
  assertEquals((await listUnmatchedTransfers(db)).length, 100);
});
