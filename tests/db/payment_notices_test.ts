import { assert, assertEquals, assertRejects } from "@std/assert";
import { cancelBooking, PAY_WITHIN } from "../../db/booking_reviews.ts";
import { type Notice, type Taken, takeNotice } from "../../db/payment_notices.ts";
import { mayRise } from "../../db/payment_status.ts";
import type { Payment } from "../../db/payments.ts";
import { chatRooms, paymentNotices, payments, paymentStatuses } from "../../db/schema.ts";
import { type Cast, castIn, clock, DAY, dump, fileOf, NOW, openCast } from "../cast.ts";
import { eachDatabase, openTestDatabase } from "../databases.ts";
import { again, attempt, mailed, paying, standing, tell, told } from "../ledger.ts";
import { verbs } from "../verbs.ts";
import { atOnce } from "./processes_at_once.ts";

Deno.test("a state only rises, and every attempt can rise to the money that came", () => {
  for (const status of paymentStatuses) {
    assertEquals(mayRise(status, status), false, status);
    assertEquals(mayRise(status, "created"), false, status);
    const came = ["needs_review", "succeeded", "refunded"].includes(status);
    assertEquals(mayRise(status, "needs_review"), !came, status);
    for (const end of ["failed", "expired", "voided"] as const) {
      assertEquals(
        mayRise(status, end),
        ["created", "open", "processing", "under_review"].includes(status),
      );
    }
  }
});

const quote = { network: "evm" as const, usdtAddress: "0xours", usdtRate: "1", expiresAt: null };
let suffix = 0;
/** A quote of the price and a bit, as each attempt has its own. */
const usdt = {
  method: "usdt" as const,
  opens: ({ amountMinor }: Payment) => ({
    status: "open" as const,
    quote: { ...quote, usdtMicro: amountMinor * 10_000 + ++suffix },
  }),
};

type Case = [
  what: string,
  said: (payment: Payment) => Partial<Notice>,
  end: string,
  here: number | null,
];
const micro = (payment: Payment, more = 0) => ({
  amount: (payment.usdtMicro ?? 0) + more,
  currency: "USDT",
});
const card: Case[] = [
  ["the price", () => ({}), "paid succeeded", 89_000],
  ["one cent less", () => ({ amount: 88_999 }), "payment_pending needs_review short", 88_999],
  ["one cent more", () => ({ amount: 89_001 }), "payment_pending needs_review over", 89_001],
  [
    "a hundredth, as if in whole units",
    () => ({ amount: 890 }),
    "payment_pending needs_review short",
    890,
  ],
  ["nothing at all", () => ({ amount: 0 }), "payment_pending needs_review short", null],
  ["another currency", () => ({ currency: "EUR" }), "payment_pending needs_review currency", null],
  ["a fortune", () => ({ amount: 2 ** 40 }), "payment_pending needs_review over", 99_999_999],
];
const coin: Case[] = [
  ["the exact quote", (payment) => micro(payment), "paid succeeded", 89_000],
  [
    "a millionth less",
    (payment) => micro(payment, -1),
    "payment_pending needs_review short",
    88_999,
  ],
  ["a millionth more", (payment) => micro(payment, 1), "payment_pending needs_review over", 89_000],
  [
    "less by a fee",
    (payment) => micro(payment, -1_000_000),
    "payment_pending needs_review short",
    88_900,
  ],
  [
    "18 decimals",
    () => ({ amount: 8.9e15, currency: "USDT" }),
    "payment_pending needs_review over",
    99_999_999,
  ],
  ["dollars", () => ({ currency: "USD" }), "payment_pending needs_review currency", null],
  [
    "another chain",
    (payment) => ({ ...micro(payment), reason: "chain" }),
    "payment_pending needs_review chain",
    89_000,
  ],
  [
    "another token",
    (payment) => ({ ...micro(payment), reason: "token" }),
    "payment_pending needs_review token",
    89_000,
  ],
];

Deno.test("T-AMOUNT: only the exact amount in the right currency settles, all else waits for a person", async () => {
  await using cast = await openCast();
  let reviews = 0;
  for (const [cases, wish] of [[card, {}], [coin, usdt]] as const) {
    for (const [what, said, end, here] of cases) {
      const { payment, reference } = await paying(cast, wish);
      await tell(cast.db, payment, said(payment));
      assertEquals([what, await standing(cast.db, payment)], [what, end]);
      const { payments: [row], room } = await fileOf(cast.db, reference);
      assertEquals([what, row?.receivedMinor], [what, here]);
      assertEquals(room !== null, end.startsWith("paid"));
      if (!end.startsWith("paid")) reviews++;
    }
  }
  const mails = await mailed(cast.db, "payment_review");
  assertEquals(mails.length, reviews);
  assert(mails.every(({ to }) => to === "ada@connectpro.example"));
});

Deno.test("T-PRICE: what the booking costs when the money comes counts, not what the page said", async () => {
  await using cast = await openCast();
  const { payment } = await paying(cast);
  await cast.db.update(payments).set({ amountMinor: 1 });

  await tell(cast.db, payment, { amount: 1 });
  assertEquals(await standing(cast.db, payment), "payment_pending needs_review short");
});

Deno.test("T-DOUBLE: of two attempts that are both paid one settles, and the other waits with its money", async () => {
  await using cast = await openCast();
  for (const order of [[0, 1], [1, 0]] as const) {
    const { payment: first, file } = await paying(cast);
    const second = await attempt(cast, file, { method: "paypal" });
    const both = [first, second];
    const [winner, other] = order.map((at) => both[at] as Payment) as [Payment, Payment];

    assertEquals(await tell(cast.db, winner), "succeeded");
    assertEquals(await standing(cast.db, other), "paid voided");
    assertEquals(await tell(cast.db, other), "needs_review");
    assertEquals(await standing(cast.db, other), "paid needs_review doubled");
    assertEquals(await standing(cast.db, winner), "paid succeeded");
    const { file: { payments: rows } } = await again(cast.db, first);
    assertEquals(rows.map(({ receivedMinor }) => receivedMinor), [89_000, 89_000]);
  }
});

Deno.test("T-DOUBLE: more money on one attempt is added and never lost", async () => {
  await using cast = await openCast();
  const { payment } = await paying(cast);
  const say = (providerPayment: string, amount: number) =>
    tell(cast.db, payment, { providerPayment, amount });
  const here = async () => (await again(cast.db, payment)).file.payments[0]?.receivedMinor;

  assertEquals(await say("first", 80_000), "needs_review");
  assertEquals(await say("first", 80_000), "ignored", "the same money by another event");
  assertEquals([await say("second", 9_000), await here()], ["succeeded", 89_000]);
  assertEquals(await say("first", 80_000), "ignored");
  assertEquals([await say("third", 89_000), await here()], ["doubled", 178_000]);
  assertEquals(await standing(cast.db, payment), "paid succeeded doubled");
  const reasons = (await mailed(cast.db, "payment_review")).map(({ reason }) => reason);
  assertEquals(reasons, ["short", "doubled"]);
});

type End = (cast: Cast, payment: Payment) => Promise<unknown>;
const ends: [string, End, string][] = [
  [
    "its page expired",
    (cast, payment) => tell(cast.db, payment, { outcome: "expired" }),
    "approved needs_review late",
  ],
  [
    "it failed",
    (cast, payment) => tell(cast.db, payment, { outcome: "failed" }),
    "approved needs_review late",
  ],
  ["the booking expired", async (cast, payment) => {
    await tell(cast.db, payment, { outcome: "expired" });
    const { file } = await again(cast.db, payment);
    await verbs.expire(cast.db, file, { actor: clock, now: NOW });
  }, "expired needs_review late"],
  ["the booking was cancelled", async (cast, payment) => {
    const { file: { booking, payments } } = await again(cast.db, payment);
    await cancelBooking(cast.db, booking, { actor: cast.alice, now: NOW, payments });
  }, "cancelled needs_review ended"],
];

Deno.test("money that comes late is kept with its reason and settles nothing in silence", async () => {
  await using cast = await openCast();
  for (const [what, end, stands] of ends) {
    const { payment } = await paying(cast);
    await end(cast, payment);
    assertEquals([what, await tell(cast.db, payment)], [what, "needs_review"]);
    assertEquals([what, await standing(cast.db, payment)], [what, stands]);
  }
  const mails = await mailed(cast.db, "payment_review");
  assertEquals(mails.map(({ reason }) => reason), ["late", "late", "late", "ended"]);
});

Deno.test("an attempt that was replaced settles as well as any, while the booking waits for its money", async () => {
  await using cast = await openCast();
  const { payment: first, file } = await paying(cast);
  const second = await attempt(cast, file);

  assertEquals(await standing(cast.db, first), "payment_pending voided");
  assertEquals(await tell(cast.db, first), "succeeded");
  assertEquals(await standing(cast.db, second), "paid voided");
});

Deno.test("what ends frees the booking, with all the time again for who was refused", async () => {
  await using cast = await openCast();
  const late = NOW + 7 * DAY;
  for (const outcome of ["failed", "expired"] as const) {
    const { payment, file: { booking } } = await paying(cast);
    assertEquals(await tell(cast.db, payment, { outcome, reason: "declined" }, late), outcome);
    const { file } = await again(cast.db, payment);
    assertEquals(await standing(cast.db, payment), `approved ${outcome} declined`);
    const payBy = outcome === "failed" ? late + PAY_WITHIN : late + DAY;
    assertEquals([file.booking.payBy, (booking.payBy ?? 0) < payBy], [payBy, true]);
    assertEquals(file.events.at(-1)?.actorKind, "provider");
    assertEquals(file.payments[0]?.closedAt, late);
  }
  assertEquals((await mailed(cast.db, "payment_refused")).map(({ reason }) => reason), [
    "declined",
  ]);
});

Deno.test("what ends while other money of the booking is looked at leaves the booking as it is", async () => {
  await using cast = await openCast();
  const { payment: short } = await paying(cast);
  await tell(cast.db, short, { amount: 5 });
  const second = await attempt(cast, (await again(cast.db, short)).file);

  assertEquals(await tell(cast.db, second, { outcome: "failed" }), "failed");
  assertEquals(await standing(cast.db, second), "payment_pending failed");
  assertEquals(await standing(cast.db, short), "payment_pending needs_review short");
});

Deno.test("what comes after the money is kept and changes nothing, and a failure rings", async () => {
  await using cast = await openCast();
  const { payment, reference } = await paying(cast);
  await tell(cast.db, payment);
  const { booking, payments: [row], events } = await fileOf(cast.db, reference);

  for (const outcome of ["processing", "expired", "failed", "failed", "succeeded"] as const) {
    assertEquals(await tell(cast.db, payment, { outcome }), "ignored");
  }
  const after = await fileOf(cast.db, reference);
  assertEquals([after.booking, after.payments[0], after.events], [booking, row, events]);
  assertEquals((await cast.db.select().from(paymentNotices)).length, 6);
  assertEquals((await mailed(cast.db, "payment_review")).map(({ reason }) => reason), ["failed"]);
});

Deno.test("a dispute is marked and rings once, and a refund at the provider is noted", async () => {
  await using cast = await openCast();
  const { payment } = await paying(cast);
  await tell(cast.db, payment);

  for (const at of [NOW + 1, NOW + 2]) await tell(cast.db, payment, { outcome: "disputed" }, at);
  assertEquals((await again(cast.db, payment)).file.payments[0]?.disputedAt, NOW + 1);
  assertEquals((await mailed(cast.db, "payment_review")).map(({ reason }) => reason), ["disputed"]);
  for (const amount of [9_000, 9_000, 89_000]) {
    assertEquals(await tell(cast.db, payment, { outcome: "refunded", amount }), "refunded");
  }
  const [row] = (await again(cast.db, payment)).file.payments;
  assertEquals([row?.status, row?.refundedMinor], ["refunded", 89_000]);
});

Deno.test("F10: money that went back before it was told to have come is not lost", async () => {
  await using cast = await openCast();
  const { payment } = await paying(cast);
  const back = { outcome: "refunded", amount: 9_000, providerPayment: "intent" } as const;
  assertEquals(await tell(cast.db, payment, back), "early");
  assertEquals(await standing(cast.db, payment), "payment_pending open");

  await tell(cast.db, payment, { providerPayment: "intent" });
  await tell(cast.db, payment, { ...back, amount: 4_000 });
  const { file } = await again(cast.db, payment);
  assertEquals(await standing(cast.db, payment), "paid succeeded");
  assertEquals(file.payments[0]?.refundedMinor, 9_000);
  assertEquals(file.refunds.map(({ status, amountMinor }) => [status, amountMinor]), [
    ["succeeded", 9_000],
  ]);

  const whole = (await paying(cast)).payment;
  await tell(cast.db, whole, { outcome: "refunded", providerPayment: "other" });
  await tell(cast.db, whole, { providerPayment: "other" });
  assertEquals(await standing(cast.db, whole), "paid refunded");
});

Deno.test("a refund that comes back is taken back: its money is here, and a receipt voids its note", async () => {
  await using cast = await openCast();
  const { payment } = await paying(cast);
  await tell(cast.db, payment, { providerPayment: "intent" });
  const back = { outcome: "refunded", providerPayment: "intent", at: NOW + 1 } as const;
  await tell(cast.db, payment, back);
  assertEquals(await standing(cast.db, payment), "paid refunded");

  const failed = { outcome: "refund_failed", providerPayment: "intent", at: NOW + 2 } as const;
  const why = { reason: "card-expired", refund: { ref: "re_1" } };
  assertEquals(await tell(cast.db, payment, { ...failed, ...why }), "refund_failed");
  assertEquals(
    await tell(cast.db, payment, { ...failed, ...why }),
    "ignored",
    "told by two events",
  );
  assertEquals(await standing(cast.db, payment), "paid succeeded");
  const { file: { payments: [row], refunds, receipts } } = await again(cast.db, payment);
  assertEquals([row?.refundedMinor, row?.settledMinor], [0, 89_000]);
  assertEquals(
    refunds.map(({ status, lastError, providerRef }) => [status, lastError, providerRef]),
    [
      ["failed", "card-expired", "re_1"],
    ],
  );
  assertEquals(receipts.map(({ kind, refundId }) => [kind, refundId !== null]).sort(), [
    ...[["credit_note", true], ["receipt", false], ["receipt", true]],
  ]);
  assertEquals((await mailed(cast.db, "refund_failed")).map(({ to }) => to), [
    "ada@connectpro.example",
  ]);

  assertEquals(await tell(cast.db, payment, back), "refunded", "a late word from before");
  assertEquals((await again(cast.db, payment)).file.refunds.length, 1);
  await tell(cast.db, payment, { ...back, amount: 500, at: NOW + 3 });
  assertEquals((await again(cast.db, payment)).file.payments[0]?.refundedMinor, 500);
});

const facts = {
  started: { outcome: "processing", eventId: "event 1" },
  hook: { outcome: "succeeded", eventId: "event 2", providerPayment: "intent" },
  returned: { outcome: "succeeded", eventId: "asked", providerPayment: "intent" },
  clock: { outcome: "expired", eventId: "event 3" },
} as const;

Deno.test("F10: webhook, return and question in every order end in the same state", async () => {
  await using cast = await openCast();
  const orders = permutations(["started", "hook", "returned"] as const);
  for (const [at, order] of [...orders, ["hook", "clock", "returned"] as const].entries()) {
    const { payment, reference } = await paying(cast);
    const effects = [];
    for (const name of order) {
      const eventId = `${facts[name].eventId} of ${at}`;
      effects.push(await tell(cast.db, payment, { ...facts[name], eventId }));
    }
    assertEquals(effects.filter((effect) => effect === "succeeded").length, 1, order.join());
    const { events, payments: [row] } = await fileOf(cast.db, reference);
    assertEquals([await standing(cast.db, payment), events.length], ["paid succeeded", 4]);
    assertEquals([row?.receivedMinor, row?.providerPayment], [89_000, "intent"]);
  }
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest])
  );
}

eachDatabase(
  "F11: a notice whose effect fails in the middle is not kept, and works when it comes again",
  async (db) => {
    const cast = await castIn(db);
    const { payment } = await paying(cast);
    const notice = told(payment);
    const before = await dump(db);
    await db.$client.execute(
      "create trigger broken before insert on chat_rooms begin select raise(abort, 'broken'); end",
    );
    await assertRejects(() => takeNotice(db, notice, NOW));
    assertEquals(await dump(db), before);

    await db.$client.execute("drop trigger broken");
    assertEquals(await takeNotice(db, notice, NOW), "succeeded");
    assertEquals(await standing(db, payment), "paid succeeded");
  },
);

eachDatabase("50 copies of one notice at once have one effect", async (db) => {
  const cast = await castIn(db);
  const { payment, reference } = await paying(cast);
  const notice = told(payment);
  const effects = await Promise.all(Array.from({ length: 50 }, () => takeNotice(db, notice, NOW)));

  assertEquals(effects.filter((effect) => effect === "succeeded").length, 1);
  assertEquals(effects.filter((effect) => effect === "known").length, 49);
  assertEquals((await db.select().from(paymentNotices)).length, 1);
  assertEquals((await db.select().from(chatRooms)).length, 1);
  assertEquals((await fileOf(db, reference)).events.length, 4);
  const twin = { ...notice, paymentId: "nobody's" };
  assertEquals(await takeNotice(db, { ...twin, eventId: "new" }, NOW), "unknown");
});

eachDatabase(
  "T-RACE: whatever else happens to the booking at once, the money is never lost",
  async (db) => {
    const cast = await castIn(db);
    const late = NOW + 8 * DAY;
    const rivals: ((payment: Payment) => Promise<unknown>)[] = [
      async (payment) => {
        const { file } = await again(db, payment);
        return verbs.cancel(db, file, { actor: cast.alice, now: NOW });
      },
      async (payment) => {
        const { file } = await again(db, payment);
        return attempt(cast, file);
      },
      (payment) => tell(db, payment, { outcome: "expired" }, late),
      (payment) => tell(db, payment, { outcome: "failed" }),
      (payment) => tell(db, payment, { outcome: "processing" }),
      (payment) => tell(db, payment, { amount: 5, providerPayment: "another" }),
    ];
    for (const rival of rivals) {
      for (let round = 0; round < 4; round++) {
        const { payment, reference } = await paying(cast);
        const acts = [() => tell(db, payment, { providerPayment: "it" }), () => rival(payment)];
        await Promise.allSettled((round % 2 ? acts : acts.toReversed()).map((act) => act()));
        const { payments: rows, booking, events } = await fileOf(db, reference);
        const row = rows.find(({ id }) => id === payment.id);
        assert((row?.receivedMinor ?? 0) >= 89_000, "the money is on the attempt");
        const paid = booking.status === "paid";
        assert(
          paid ? row?.status === "succeeded" : row?.status === "needs_review",
          await standing(db, payment),
        );
        assertEquals(events.map(({ version }) => version), events.map((_, i) => i + 1));
      }
    }
  },
);

Deno.test("T-RACE T-DOUBLE: two processes that are told of two payments of each booking settle one of them", async () => {
  await using database = await openTestDatabase();
  const { db, url } = database;
  const cast = await castIn(db);
  const pairs: [Payment, Payment][] = [];
  for (let n = 0; n < 15; n++) {
    const { payment, file } = await paying(cast);
    pairs.push([payment, await attempt(cast, file, { method: "paypal" })]);
  }
  const notices = pairs.flatMap(([first, second]) => [told(first), told(second)]);
  const taken = await atOnce("takeNotices", { url, argument: JSON.stringify(notices) });

  const count = (effect: Taken) => taken.flat().filter((one) => one === effect).length;
  assertEquals([count("succeeded"), count("needs_review"), count("known")], [15, 15, 30]);
  for (const [first, second] of pairs) {
    const stand = [await standing(db, first), await standing(db, second)].sort();
    assertEquals(stand, ["paid needs_review doubled", "paid succeeded"]);
  }
});
