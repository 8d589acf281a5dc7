import { assert, assertEquals, assertRejects } from "@std/assert";
import { asc, eq } from "drizzle-orm";
import { listAudit } from "../../db/audit.ts";
import type { BookingFile } from "../../db/booking_finders.ts";
import { PAY_WITHIN } from "../../db/booking_reviews.ts";
import type { Status } from "../../db/booking_status.ts";
import { commit, type Db } from "../../db/client.ts";
import { cancelPaidBooking, heldBy, type MoneyBack } from "../../db/paid_cancellations.ts";
import { confirmPayment } from "../../db/payment_reviews.ts";
import type { Payment } from "../../db/payments.ts";
import { noteProviderRefund } from "../../db/provider_refunds.ts";
import { findRefundFile, listRefundsToMend } from "../../db/refund_finders.ts";
import { claimRefunds, recordRefundDelayed, recordRefundTaken } from "../../db/refund_claims.ts";
import { giveUpRefund, proveRefund } from "../../db/refund_proofs.ts";
import { type DueRefund, recordRefunded, recordRefundFailed } from "../../db/refund_results.ts";
import { leftOf } from "../../db/refund_rules.ts";
import { type RefundOrder, requestRefund } from "../../db/refunds.ts";
import {
  emailNotifications,
  type PaymentMethod,
  payments,
  receipts,
  refunds,
} from "../../db/schema.ts";
import {
  bookingIn,
  type Cast,
  castIn,
  DAY,
  dump,
  fileOf,
  HOUR,
  NOW,
  openCast,
  OWNER,
  provider,
} from "../cast.ts";
import { eachDatabase } from "../databases.ts";
import { assertProblem, winnersOf } from "../problems.ts";

const LATER = NOW + HOUR;
const PRICE = 89_000;
let keys = 0;

/** A booking of Alice's with one attempt, paid by `method`. */
async function paidBy(cast: Cast, method: PaymentMethod, status: Status = "paid") {
  const { booking } = await bookingIn(cast, status);
  await cast.db.update(payments).set({ method }).where(eq(payments.bookingId, booking.id));
  return await fileOf(cast.db, booking.reference);
}

const refundFile = (db: Db, { payments: [payment] }: BookingFile) =>
  findRefundFile(db, OWNER, payment?.id ?? "");

async function ask(
  cast: Cast,
  file: BookingFile,
  order: Partial<RefundOrder & { now: number }> = {},
) {
  return await requestRefund(cast.db, await refundFile(cast.db, file), {
    ...{ actor: cast.ada, now: LATER, amountMinor: PRICE, reason: "Sorry." },
    ...{ idempotencyKey: `key ${keys++}`, ...order },
  });
}

async function dueOf(db: Db, id: string): Promise<DueRefund> {
  const refund = await db.select().from(refunds).where(eq(refunds.id, id)).get();
  const rows = await listRefundsOfAll(db);
  return {
    ...rows.find((row) => row.refund.id === id) as DueRefund,
    refund: refund as DueRefund["refund"],
  };
}

async function listRefundsOfAll(db: Db): Promise<DueRefund[]> {
  const rows = await db.select().from(refunds);
  return await Promise.all(rows.map(async (refund) => {
    const { payment, booking } = await findRefundFile(db, OWNER, refund.paymentId);
    return { refund, payment, booking };
  }));
}

async function standing(db: Db, { booking: { reference } }: BookingFile) {
  const { booking, payments: [payment], refunds } = await fileOf(db, reference);
  const ends = refunds.map(({ status }) => status).sort();
  return [booking.status, payment?.status, payment?.refundedMinor, ...ends];
}

const papers = async (db: Db) =>
  (await db.select().from(receipts).orderBy(asc(receipts.issuedAt), asc(receipts.kind)))
    .map(({ kind, number, amountMinor }) => [kind, number, amountMinor]);

const mailsAfter = async (db: Db) =>
  (await db.select().from(emailNotifications)).filter(({ createdAt }) => createdAt >= LATER);

eachDatabase(
  "requestRefund() keeps the refund, counts it and says who asked; its key makes it once",
  async (db) => {
    const cast = await castIn(db);
    const file = await paidBy(cast, "test");
    const refund = await ask(cast, file, { amountMinor: 9_000, idempotencyKey: "once" });
    assertEquals([refund.status, refund.nextTryAt, refund.requestedBy], [
      "requested",
      LATER,
      cast.ada.id,
    ]);
    assertEquals((await ask(cast, file, { amountMinor: 1, idempotencyKey: "once" })).id, refund.id);
    assertEquals(await standing(db, file), ["paid", "succeeded", 9_000, "requested"]);
    assertEquals(leftOf((await fileOf(db, file.booking.reference)).payments[0] as Payment), 80_000);
    const [entry] = await listAudit(db, { action: "payment.refund", limit: 1 });
    assertEquals([entry?.subject, entry?.actorId], [file.booking.reference, cast.ada.id]);
    assertEquals(entry?.after, { refund: refund.id, amountMinor: 9_000, reason: "Sorry." });

    const before = await dump(db);
    const { field } = await assertProblem(ask(cast, file, { amountMinor: 80_001 }), "invalid");
    assertEquals(field, "amount");
    assertEquals(await dump(db), before);
  },
);

eachDatabase(
  "refunds asked for at once never send back more than came, and one key asks once",
  async (db) => {
    const cast = await castIn(db);
    const file = await paidBy(cast, "test");
    const stale = await refundFile(db, file);
    const order = { actor: cast.ada, now: LATER, reason: "Sorry." };
    const some = (idempotencyKey: string) =>
      requestRefund(db, stale, { ...order, amountMinor: 30_000, idempotencyKey });
    const twins = await Promise.all([some("same"), some("same"), some("same")]);
    assertEquals(new Set(twins.map(({ id }) => id)).size, 1);
    assertEquals(await winnersOf(["a", "b", "c", "d"].map(some)), 1);
    assertEquals((await fileOf(db, file.booking.reference)).payments[0]?.refundedMinor, 60_000);
    assertEquals((await db.select().from(refunds)).length, 2);
  },
);

Deno.test("two of the largest refunds at once by one key are one refund", async () => {
  await using cast = await openCast();
  const stale = await refundFile(cast.db, await paidBy(cast, "test"));
  const all = () =>
    requestRefund(cast.db, stale, {
      ...{ actor: cast.ada, now: LATER, reason: "Sorry.", amountMinor: PRICE, idempotencyKey: "k" },
    });
  const [one, two] = await Promise.all([all(), all()]);
  assertEquals(one?.id, two?.id);
});

Deno.test("what holds no money, or is disputed, sends none back", async () => {
  await using cast = await openCast();
  for (const status of ["payment_pending", "approved"] as const) {
    const { booking, payments: [payment] } = await bookingIn(cast, status);
    if (!payment) continue;
    const file = { payment, booking, payments: [payment], refunds: [] };
    await assertProblem(
      requestRefund(cast.db, file, {
        ...{ actor: cast.ada, now: LATER, amountMinor: 1, reason: "No.", idempotencyKey: status },
      }),
      "conflict",
    );
  }
  const file = await paidBy(cast, "stripe");
  await cast.db.update(payments).set({ disputedAt: NOW });
  const { message } = await assertProblem(ask(cast, file), "conflict");
  assert(message.includes("disputes"));
  assertEquals(heldBy((await fileOf(cast.db, file.booking.reference)).payments), 0);
  await assertRejects(
    () =>
      cast.db.$client.execute(`insert into refunds (id, payment_id, status, amount_minor, reason,
      idempotency_key, created_at, updated_at) select 'x', id, 'requested', ${
        PRICE + 1
      }, 'x', 'x', 1, 1
      from payments where status = 'succeeded'`),
    Error,
    "refunds exceed the payment",
  );
});

eachDatabase(
  "recordRefunded() counts it once: credit note, mail, and refunded when all is back",
  async (db) => {
    const cast = await castIn(db);
    const file = await paidBy(cast, "test");
    const ids = [
      (await ask(cast, file, { amountMinor: 9_000, reason: "A part." })).id,
      (await ask(cast, file, { amountMinor: 80_000 })).id,
    ];
    const due = await claimRefunds(db, LATER);
    assertEquals(due.map(({ refund }) => refund.id).sort(), ids.toSorted());
    assertEquals(await claimRefunds(db, LATER), [], "they are held");
    const [first, second] = await Promise.all(ids.map((id) => dueOf(db, id)));
    const done = { providerRef: "re_1", now: LATER + 1 };
    await Promise.all([1, 2, 3].map(() => recordRefunded(db, first as DueRefund, done)));
    assertEquals(await standing(db, file), ["paid", "succeeded", PRICE, "requested", "succeeded"]);
    await recordRefunded(db, second as DueRefund, { providerRef: null, now: LATER + 2 });
    assertEquals(await standing(db, file), ["paid", "refunded", PRICE, "succeeded", "succeeded"]);

    assertEquals(await papers(db), [
      ["receipt", 1, PRICE],
      ["credit_note", 1, 9_000],
      ["credit_note", 2, 80_000],
    ]);
    const mails = (await mailsAfter(db)).map((
      { template, params },
    ) => [template, params.amountMinor]);
    assertEquals(mails, [["refund_sent", 9_000], ["refund_sent", 80_000]]);
    await assertProblem(ask(cast, file, { amountMinor: 1 }), "conflict");
  },
);

Deno.test("a refund that failed frees its money, tells those who decide payments, and stays failed", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await paidBy(cast, "stripe");
  const { id } = await ask(cast, file);
  const due = await dueOf(db, id);
  const failure = { error: "card-expired", now: LATER + 1 };
  await Promise.all([recordRefundFailed(db, due, failure), recordRefundFailed(db, due, failure)]);
  await recordRefunded(db, due, { providerRef: "late", now: LATER + 2 });

  assertEquals(await standing(db, file), ["paid", "succeeded", 0, "failed"]);
  const mails = await mailsAfter(db);
  assertEquals(mails.map(({ template, recipientEmail }) => [template, recipientEmail]), [
    ["refund_failed", "ada@connectpro.example"],
  ]);
  assertEquals(mails[0]?.params.reason, "card-expired");
  const failed = await listRefundsToMend(db, OWNER, LATER);
  assertEquals(failed.map(({ refund }) => [refund.id, refund.lastError]), [[id, "card-expired"]]);
  assertEquals(await listRefundsToMend(db, OWNER, LATER + 31 * DAY), []);
  const agent = { kind: "admin", id: 99 } as const;
  assertEquals(await listRefundsToMend(db, agent, LATER), []);

  const again = await ask(cast, file, { byHand: true, now: LATER + 3 });
  const waiting = await listRefundsToMend(db, OWNER, LATER);
  assertEquals(waiting.map(({ refund }) => refund.id), [again.id]);
});

Deno.test("a provider that does not answer is told again, ever later, and people see it after five tries", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await paidBy(cast, "stripe");
  await ask(cast, file);
  const waits: number[] = [];
  let now = LATER;
  for (let n = 0; n < 8; n++) {
    const [due] = await claimRefunds(db, now);
    assertEquals(due?.refund.attempts, n + 1);
    await recordRefundDelayed(db, due as DueRefund, { error: "timeout", now });
    assertEquals((await listRefundsToMend(db, OWNER, now)).length, n + 1 >= 5 ? 1 : 0);
    const next = (await db.select().from(refunds).get())?.nextTryAt ?? 0;
    assertEquals(await claimRefunds(db, next - 1), []);
    waits.push((next - now) / 60_000);
    now = next;
  }
  assertEquals(waits, [1, 5, 15, 60, 180, 360, 360, 360]);

  const [due] = await claimRefunds(db, now);
  const [other] = await claimRefunds(db, now + 121_000);
  assertEquals(other?.refund.attempts, 10, "whoever held it is gone");
  await recordRefundTaken(db, due as DueRefund, { providerRef: "from the dead", now });
  assertEquals((await db.select().from(refunds).get())?.providerRef, null);
  await recordRefundTaken(db, other as DueRefund, { providerRef: "re_1", now });
  assertEquals(await standing(db, file), ["paid", "succeeded", PRICE, "processing"]);
  assertEquals(await claimRefunds(db, now + HOUR), []);
  assertEquals((await claimRefunds(db, now + 6 * HOUR))[0]?.refund.providerRef, "re_1");
});

eachDatabase("what goes back by hand waits for its proof, and is proven once", async (db) => {
  const cast = await castIn(db);
  const file = await paidBy(cast, "bank");
  const { id, status } = await ask(cast, file, { amountMinor: 9_000 });
  assertEquals([status, await claimRefunds(db, LATER + DAY)], ["processing", []]);
  const due = await dueOf(db, id);
  const by = { actor: cast.ada, now: LATER, reference: "Statement 9, line 1" };
  assertEquals(await winnersOf([proveRefund(db, due, by), proveRefund(db, due, by)]), 1);
  assertEquals(await standing(db, file), ["paid", "succeeded", 9_000, "succeeded"]);
  const proven = await dueOf(db, id);
  assertEquals(proven.refund.providerRef, "Statement 9, line 1");
  await assertProblem(giveUpRefund(db, proven, { ...by, note: "No." }), "conflict");

  const second = await dueOf(db, (await ask(cast, file, { amountMinor: 80_000 })).id);
  await giveUpRefund(db, second, { ...by, note: "The account is closed." });
  assertEquals(await standing(db, file), ["paid", "succeeded", 9_000, "failed", "succeeded"]);
  const entries = await listAudit(db, { subject: file.booking.reference, limit: 9 });
  const actions = entries.map(({ action }) => action).filter((action) => action.includes("refund"));
  assertEquals(actions, ["refund.fail", "payment.refund", "refund.prove", "payment.refund"]);
  const sent = await dueOf(db, (await ask(cast, file, { amountMinor: 1 })).id);
  await assertProblem(
    proveRefund(db, { ...sent, refund: { ...sent.refund, nextTryAt: 1 } }, by),
    "conflict",
  );
});

Deno.test("money that only waited for a decision goes back: the booking can be paid again, and not by it", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await bookingIn(cast, "payment_pending");
  const [payment] = file.payments as [Payment];
  const short = { actor: cast.ada, now: NOW, amountMinor: 100 };
  await confirmPayment(db, { payment, booking: file.booking }, short);
  const waiting = await refundFile(db, file);
  const { id } = await ask(cast, file, { amountMinor: 100 });

  const { booking } = await fileOf(db, file.booking.reference);
  assertEquals([booking.status, booking.payBy], ["approved", LATER + PAY_WITHIN]);
  assertEquals(await standing(db, file), ["approved", "needs_review", 100, "processing"]);
  const back = { payment: waiting.payment, booking };
  await assertProblem(confirmPayment(db, back, { ...short, amountMinor: PRICE }), "conflict");
  await proveRefund(db, await dueOf(db, id), { actor: cast.ada, now: LATER, reference: "S 9" });
  assertEquals(await standing(db, file), ["approved", "refunded", 100, "succeeded"]);
  assertEquals(await papers(db), [["credit_note", 1, 100], ["receipt", 1, 100]]);
});

Deno.test("something of what waits for a decision goes back: the booking waits on", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await bookingIn(cast, "payment_pending");
  const [payment] = file.payments as [Payment];
  const over = { actor: cast.ada, now: NOW, amountMinor: PRICE + 100 };
  await confirmPayment(db, { payment, booking: file.booking }, over);
  await ask(cast, file, { amountMinor: 100 });
  assertEquals(await standing(db, file), ["payment_pending", "needs_review", 100, "processing"]);
});

/** What the provider says in turn, as its totals, and how our refunds stand after it. */
const tellings: [what: string, ours: number[], totals: number[], after: [string, number][]][] = [
  ["one of ours", [9_000], [9_000, 9_000], [["succeeded", 9_000]]],
  ["two of ours at once", [9_000, 1_000], [10_000], [["succeeded", 9_000], ["succeeded", 1_000]]],
  ["the later of ours first", [9_000, 1_000], [1_000], [["requested", 9_000], [
    "succeeded",
    1_000,
  ]]],
  ["made there", [], [500, 500, 300], [["succeeded", 500]]],
  ["made there, twice", [], [500, 700], [["succeeded", 500], ["succeeded", 200]]],
  ["ours and one made there", [9_000], [9_500], [["succeeded", 9_000], ["succeeded", 500]]],
  ["made there beside ours", [9_000], [500, 9_500], [["succeeded", 9_000], ["succeeded", 500]]],
  ["made there, and ours fits no more", [89_000], [500], [["failed", 89_000], ["succeeded", 500]]],
  ["more than came", [], [99_999], [["succeeded", 89_000]]],
];

for (const [what, ours, totals, after] of tellings) {
  Deno.test(`a provider's word on its refunds: ${what}`, async () => {
    await using cast = await openCast();
    const { db } = cast;
    const file = await paidBy(cast, "stripe");
    for (const amountMinor of ours) await ask(cast, file, { amountMinor, now: NOW + keys });
    for (const refundedMinor of totals) {
      const known = await refundFile(db, file);
      const told = { refundedMinor, actor: provider, now: LATER + refundedMinor };
      const statements = noteProviderRefund(db, known, told);
      if (statements.length > 0) await commit(db, statements);
      assertEquals(noteProviderRefund(db, await refundFile(db, file), told), [], "it is known now");
    }
    const made = await db.select().from(refunds).orderBy(asc(refunds.createdAt));
    assertEquals(made.map(({ status, amountMinor }) => [status, amountMinor]), after);
    const { payments: [payment], receipts: kept } = await fileOf(db, file.booking.reference);
    const open = made.filter(({ status }) => status !== "failed");
    assertEquals(
      payment?.refundedMinor,
      open.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    );
    const sent = after.filter(([status]) => status === "succeeded");
    assertEquals(kept.filter(({ kind }) => kind === "credit_note").length, sent.length);
    assertEquals(payment?.status, payment?.refundedMinor === PRICE ? "refunded" : "succeeded");
  });
}

const cancel = (cast: Cast, file: BookingFile, money: MoneyBack) =>
  cancelPaidBooking(cast.db, file, {
    actor: cast.ada,
    now: LATER,
    note: "The fair was moved.",
    money,
  });

const ends: [MoneyBack, said: [string, number], after: unknown[]][] = [
  [{ kind: "refund_all" }, ["all", PRICE], ["cancelled", "succeeded", PRICE, "requested"]],
  [{ kind: "refund_part", amountMinor: 40_000 }, ["part", 40_000], [
    "cancelled",
    "succeeded",
    40_000,
    "requested",
  ]],
  [{ kind: "keep" }, ["kept", 0], ["cancelled", "succeeded", 0]],
];

for (const [money, said, after] of ends) {
  eachDatabase(
    `cancelPaidBooking() with ${money.kind}: one batch, one winner, one mail`,
    async (db) => {
      const cast = await castIn(db);
      for (const status of ["paid", "in_progress"] as const) {
        const file = await paidBy(cast, "test", status);
        assertEquals(await winnersOf([1, 2, 3].map(() => cancel(cast, file, money))), 1);
        assertEquals(await standing(db, file), after);
        const mails = (await mailsAfter(db)).filter(({ bookingId }) =>
          bookingId === file.booking.id
        );
        assertEquals(mails.map(({ template }) => template), ["booking_cancelled"]);
        const { reason, ...params } = mails[0]?.params ?? {};
        assertEquals([params.money, params.amountMinor, reason], [...said, "The fair was moved."]);
      }
    },
  );
}

Deno.test("cancelPaidBooking() sends back what is here, from every payment, and never more", async () => {
  await using cast = await openCast();
  const { db } = cast;
  const file = await paidBy(cast, "test");
  const [payment] = file.payments as [Payment];
  const doubled = { status: "needs_review", receivedMinor: 100, reason: "doubled" } as const;
  const other = { id: "doubled", idempotencyKey: "doubled", createdAt: NOW - 1 };
  await db.insert(payments).values({ ...payment, ...doubled, ...other });
  await ask(cast, file, { amountMinor: 9_000 });
  const now = await fileOf(db, file.booking.reference);
  assertEquals(heldBy(now.payments), 80_100);

  const before = await dump(db);
  const more = { kind: "refund_part", amountMinor: 80_101 } as const;
  assertEquals((await assertProblem(cancel(cast, now, more), "invalid")).field, "refund_amount");
  await assertProblem(cancel({ ...cast, ada: cast.alice }, now, { kind: "keep" }), "conflict");
  assertEquals(await dump(db), before);

  await cancel(cast, now, { kind: "refund_part", amountMinor: 80_050 });
  const after = await fileOf(db, file.booking.reference);
  assertEquals(
    after.refunds.map(({ paymentId, amountMinor }) => [paymentId, amountMinor]).sort(),
    [
      [payment.id, 80_000],
      [payment.id, 9_000],
      ["doubled", 50],
    ].sort(),
  );
  assertEquals(heldBy(after.payments), 50);
});

Deno.test("a refund and a cancellation at once never send back more than came", async () => {
  await using cast = await openCast();
  for (let round = 0; round < 5; round++) {
    const file = await paidBy(cast, "test");
    const work = [ask(cast, file), cancel(cast, file, { kind: "refund_all" }), ask(cast, file)];
    const ended = await Promise.allSettled(work);
    assert(ended.some(({ status }) => status === "fulfilled"));
    const after = await fileOf(cast.db, file.booking.reference);
    assertEquals(after.payments[0]?.refundedMinor, PRICE);
    assertEquals(after.refunds.length, 1);
  }
});
