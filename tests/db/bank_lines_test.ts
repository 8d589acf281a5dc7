import { assert, assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { confirmLine, confirmLines, type Matched } from "../../db/bank_confirmations.ts";
import {
  dismissLine,
  findOpenLines,
  isExact,
  type OpenLine,
  openLines,
} from "../../db/bank_lines.ts";
import { type Credit, keepCredits } from "../../db/bank_statements.ts";
import type { Db } from "../../db/client.ts";
import { listPayments } from "../../db/payment_lists.ts";
import { auditLog, bankLines, paymentNotices, payments } from "../../db/schema.ts";
import { bookingIn, type Cast, castIn, fileOf, hire, HOUR, NOW, openCast, OWNER } from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";
import { verbs } from "../verbs.ts";

const credit = (words: string, more: Partial<Credit> = {}): Credit => ({
  ...{ account: "DE02", bankRef: "", receivedOn: "2026-03-02", payer: "Alice Meyer" },
  ...{ amountMinor: 89_000, currency: "USD", words, ...more },
});
const keep = ({ db, ada }: Cast, credits: Credit[]) =>
  keepCredits(db, credits, { actor: ada, now: NOW, file: "march.csv" });
const open = (db: Db): Promise<OpenLine[]> => openLines(db, OWNER).all();

async function matchIn(cast: Cast, more: Partial<Credit> = {}) {
  const { booking } = await bookingIn(cast, "payment_pending");
  await keep(cast, [credit(`Thanks ${booking.reference}`, more)]);
  const lines = await open(cast.db);
  const match = lines.find(({ line }) => line.bookingId === booking.id) as Matched;
  return { match, booking, by: { actor: cast.ada, now: NOW + 1 } };
}

eachDatabase(
  "keepCredits() keeps each line once, however often and in whichever statement it comes",
  async (db) => {
    const cast = await castIn(db);
    const twins = [credit("rent"), credit("rent")];
    const week = [...twins, credit("rent", { receivedOn: "2026-03-03" })];

    assertEquals(await keep(cast, twins), 2);
    assertEquals(await keep(cast, twins), 0);
    assertEquals(await keep(cast, week), 1);
    assertEquals(await keep(cast, [credit("rent", { account: "DE03" })]), 1);
    assertEquals(await keep(cast, []), 0);
    assertEquals((await open(db)).length, 4);
    const log = await db.select().from(auditLog);
    assertEquals(log.map(({ action, subject }) => [action, subject]), [
      ["statement.keep", "march.csv"],
      ["statement.keep", "march.csv"],
      ["statement.keep", "march.csv"],
    ]);
  },
);

Deno.test("a line finds its booking, whatever the bank made of the reference", async () => {
  await using cast = await openCast();
  const { booking } = await bookingIn(cast, "payment_pending", {
    reference: () => "CP2026A0C1Z9",
  });
  const written = [
    ...["CP2026A0C1Z9", "invoice cp2026aoclz9 of march", "C P 2 0 2 6 - A0C 1Z9", "CP2026/A0CIZ9"],
    ...["RF18CP2026A0C1Z9", "CP2026AB2026CP2026A0C1\nZ9", "EREF+CP2026A0C1Z9SVWZ+thanks"],
  ];
  for (const words of written) {
    await keep(cast, [credit(words)]);
    assertEquals([words, (await open(cast.db)).at(-1)?.booking?.id], [words, booking.id]);
  }
  for (const words of ["CP2026A0C1Z", "CP2026ZZZZZZ", "2026A0C1Z9", "", "x".repeat(5000)]) {
    await keep(cast, [credit(words)]);
    assertEquals([words, (await open(cast.db)).at(-1)?.booking], [words, null]);
  }
});

Deno.test("what fits exactly comes first, then other amounts and currencies, then what nobody awaits", async () => {
  await using cast = await openCast();
  const paid = (await bookingIn(cast, "paid")).booking;
  const waiting = (await bookingIn(cast, "payment_pending")).booking;
  await keep(cast, [
    credit("rent"),
    credit(paid.reference),
    credit(waiting.reference, { amountMinor: 88_999 }),
    credit(waiting.reference, { currency: "EUR" }),
    credit(waiting.reference),
  ]);
  const lines = await open(cast.db);
  assertEquals(lines.map((line) => [line.line.id, isExact(line), line.payment !== null]), [
    [5, true, true],
    ...[[2, false, true], [3, false, true], [4, false, true], [1, false, false]],
  ] as [number, boolean, boolean][]);
  assertEquals((await findOpenLines(cast.db, OWNER, [3, 99])).map(({ line }) => line.id), [3]);
  const agent = { name: "Zoe", email: "zoe@connectpro.example", role: "agent" as const };
  const zoe = {
    kind: "admin" as const,
    id: await hire(cast.db, { ...agent, passwordHash: "none" }),
  };
  const alice = { kind: "client" as const, id: cast.alice.id as number };
  for (const viewer of [zoe, alice]) assertEquals(await openLines(cast.db, viewer).all(), []);
});

eachDatabase(
  "confirmLine() settles the booking with the value date and is done once",
  async (db) => {
    const cast = await castIn(db);
    const { match, booking, by } = await matchIn(cast);

    assertEquals(await winnersOf([1, 2, 3].map(() => confirmLine(db, match, by))), 1);
    const after = await fileOf(db, booking.reference);
    assertEquals([after.booking.status, after.payments[0]?.status], ["paid", "succeeded"]);
    assertEquals([after.payments[0]?.receivedOn, after.payments[0]?.reference], [
      "2026-03-02",
      `Thanks ${booking.reference}`,
    ]);
    const [line] = await db.select().from(bankLines);
    assertEquals([line?.paymentId, line?.confirmedAt], [after.payments[0]?.id, by.now]);
    assertEquals(await open(db), []);
    await assertProblem(confirmLine(db, match, by), "conflict");
  },
);

eachDatabase("one line pays one booking: of two at once one waits on", async (db) => {
  const cast = await castIn(db);
  const { match, by } = await matchIn(cast);
  const other = await bookingIn(cast, "payment_pending");
  const payment = other.payments[0] as Matched["payment"];
  const both = [match, { line: match.line, booking: other.booking, payment }];

  assertEquals(await winnersOf(both.map((matched) => confirmLine(db, matched, by))), 1);
  const files = await Promise.all(both.map(({ booking }) => fileOf(db, booking.reference)));
  assertEquals(files.map(({ booking }) => booking.status).sort(), ["paid", "payment_pending"]);
});

Deno.test("confirmLine() of another amount waits for a decision; of another currency it is refused", async () => {
  await using cast = await openCast();
  const short = await matchIn(cast, { amountMinor: 10_000 });
  await confirmLine(cast.db, short.match, short.by);
  const { booking, payments: [payment] } = await fileOf(cast.db, short.booking.reference);
  assertEquals([booking.status, payment?.status, payment?.reason, payment?.receivedMinor], [
    ...["payment_pending", "needs_review", "short"],
    10_000,
  ]);

  const foreign = await matchIn(cast, { currency: "EUR" });
  await assertProblem(confirmLine(cast.db, foreign.match, foreign.by), "conflict");
  assertEquals((await open(cast.db)).map(({ line }) => line.currency), ["EUR"]);
});

Deno.test("confirmLine() for an attempt that is over settles what still waits, and raises what does not", async () => {
  await using cast = await openCast();
  const by = { actor: cast.ada, now: NOW + 9 * HOUR };
  const replaced = await matchIn(cast);
  await verbs.start_payment(cast.db, await fileOf(cast.db, replaced.booking.reference), {
    ...{ actor: cast.alice, now: NOW + HOUR },
  });
  await cast.db.update(payments).set({ method: "paypal" }).where(eq(payments.status, "open"));
  const refused = await matchIn(cast);
  await verbs.fail_payment(cast.db, await fileOf(cast.db, refused.booking.reference), by);

  for (const { line, booking, payment } of await open(cast.db) as Matched[]) {
    await confirmLine(cast.db, { line, booking, payment }, by);
  }
  assertEquals(await open(cast.db), []);
  const states = async ({ booking: { reference } }: typeof replaced) => {
    const { booking, payments } = await fileOf(cast.db, reference);
    return [booking.status, ...payments.map(({ status, reason }) => `${status} ${reason ?? ""}`)];
  };
  assertEquals(await states(replaced), ["paid", "voided ", "succeeded "]);
  assertEquals(await states(refused), ["approved", "needs_review late"]);
  assertEquals((await cast.db.select().from(paymentNotices)).map(({ provider }) => provider), [
    ...["bank", "bank"],
  ]);
});

Deno.test("T-DOUBLE: confirmLine() of a second transfer adds it and asks a person; before a decision it waits", async () => {
  await using cast = await openCast();
  const { match, booking, by } = await matchIn(cast, { amountMinor: 10_000 });
  await confirmLine(cast.db, match, by);
  const paid = (await bookingIn(cast, "paid")).booking;
  await keep(cast, [credit(booking.reference, { amountMinor: 79_000 }), credit(paid.reference)]);

  const lines = await open(cast.db) as Matched[];
  const [first, second] = lines as [Matched, Matched];
  const { message } = await assertProblem(confirmLine(cast.db, first, by), "conflict");
  assert(message.startsWith("What came before waits for your decision."));
  await confirmLine(cast.db, second, by);
  await assertProblem(confirmLine(cast.db, second, by), "conflict");
  assertEquals((await open(cast.db)).map(({ line }) => line.id), [first.line.id]);

  const { booking: { status }, payments: [twice], receipts } = await fileOf(
    cast.db,
    paid.reference,
  );
  assertEquals([status, twice?.status, twice?.reason], ["paid", "succeeded", "doubled"]);
  assertEquals([twice?.receivedMinor, twice?.settledMinor], [178_000, 89_000]);
  assertEquals(receipts.map(({ amountMinor }) => amountMinor), [89_000, 89_000]);
  const { waiting } = await listPayments(cast.db, OWNER, {});
  assert(waiting.some(({ payment }) => payment.id === twice?.id));
});

Deno.test("confirmLines() goes on after one that cannot be confirmed, and says which", async () => {
  await using cast = await openCast();
  const first = await matchIn(cast);
  await keep(cast, [credit(`again ${first.booking.reference}`)]);
  await matchIn(cast);

  const matched = (await open(cast.db)).filter(isExact) as Matched[];
  const by = { actor: cast.ada, now: NOW + 1 };
  const results = await confirmLines(cast.db, matched, by);
  assertEquals(results.map(({ line, problem }) => [line.id, problem === null]), [
    ...[[1, true], [2, false], [3, true]] as [number, boolean][],
  ]);
  assertEquals((await open(cast.db)).map(({ line }) => line.id), [2]);
});

Deno.test("dismissLine() takes a line off the list once, with who did it", async () => {
  await using cast = await openCast();
  const { match, by } = await matchIn(cast);

  assertEquals(await winnersOf([1, 2].map(() => dismissLine(cast.db, match.line, by))), 1);
  assertEquals(await open(cast.db), []);
  await assertProblem(confirmLine(cast.db, match, by), "conflict");
  const log = (await cast.db.select().from(auditLog)).filter(({ action }) =>
    action === "statement.dismiss"
  );
  assertEquals(log.map(({ subject, actorId }) => [subject, actorId]), [["line 1", cast.ada.id]]);
});
