import { assert, assertEquals } from "@std/assert";
import { asc } from "drizzle-orm";
import fc from "fast-check";
import { expireUnpaid } from "../../db/bookings_by_clock.ts";
import { freeIdleBookings } from "../../db/idle_bookings.ts";
import { type Notice, takeNotice } from "../../db/payment_notices.ts";
import { recordOutsidePayment } from "../../db/outside_payments.ts";
import { askForRest } from "../../db/payment_parts.ts";
import { acceptPayment, type Repair } from "../../db/payment_repairs.ts";
import { listPayments } from "../../db/payment_lists.ts";
import { confirmPayment, refusePayment } from "../../db/payment_reviews.ts";
import { dueOf, isRunning, needsPerson } from "../../db/payment_status.ts";
import type { Payment } from "../../db/payments.ts";
import { isProblem } from "../../db/problem.ts";
import { backTold } from "../../db/provider_refunds.ts";
import { recordRefunded } from "../../db/refund_results.ts";
import { leftOf } from "../../db/refund_rules.ts";
import { requestRefund } from "../../db/refunds.ts";
import { outcomes, receipts, refunds } from "../../db/schema.ts";
import { randomToken } from "../../db/tokens.ts";
import { bookingIn, type Cast, DAY, dump, fileOf, HOUR, NOW, openCast, OWNER } from "../cast.ts";
import { again, attempt, paying, standing, told } from "../ledger.ts";
import { verbs } from "../verbs.ts";

/** One booking, everything that providers have said of it, and the attempts on which a person said what came. */
type Ledger = {
  cast: Cast;
  reference: string;
  notices: Notice[];
  byHand: Set<string>;
  now: number;
};
type Act = (ledger: Ledger, payment: Payment, step: Step) => Promise<unknown>;

const acts: Record<string, Act> = {
  start: async ({ cast, reference, now }) =>
    await attempt(cast, await fileOf(cast.db, reference), { now }),
  tell: async (ledger, payment, { outcome, part, besides }) => {
    const { refunds } = await fileOf(ledger.cast.db, ledger.reference);
    const notice = told(payment, {
      ...{ outcome, amount: shareOf(payment, part), at: ledger.now },
      ...(outcome === "succeeded" && besides ? { besides } : {}),
      providerPayment: outcome === "succeeded" ? randomToken() : "the sum",
      refund: { ref: "", id: refunds.find(({ paymentId }) => paymentId === payment.id)?.id },
    });
    await takeNotice(ledger.cast.db, notice, ledger.now);
    ledger.notices.push(notice);
  },
  confirm: async ({ cast, byHand, now }, payment, { part }) => {
    byHand.add(payment.id);
    const receipt = { amountMinor: shareOf(payment, part) };
    await confirmPayment(cast.db, await repairOf(cast, payment), {
      ...{ actor: cast.ada, now, ...receipt },
    });
  },
  went_back: async ({ cast, reference, now }, payment) => {
    const { booking, refunds } = await fileOf(cast.db, reference);
    const refund = refunds.find(({ paymentId, status }) =>
      paymentId === payment.id && status === "requested"
    );
    if (refund) {
      await recordRefunded(cast.db, { refund, payment, booking }, { providerRef: "re", now });
    }
  },
  accept: async ({ cast, now }, payment) =>
    await acceptPayment(cast.db, await repairOf(cast, payment), {
      actor: cast.ada,
      now,
      note: "Fine.",
    }),
  ask_for_rest: async ({ cast, now }, payment) =>
    await askForRest(cast.db, await repairOf(cast, payment), {
      actor: cast.ada,
      now,
      note: "Please.",
    }),
  refuse: async ({ cast, now }, payment) =>
    await refusePayment(cast.db, await repairOf(cast, payment), {
      actor: cast.ada,
      now,
      note: "No.",
    }),
  refund: async ({ cast, now }, payment, { part }) => {
    const amountMinor = Math.max(1, Math.round(leftOf(payment) * part));
    const order = { amountMinor, reason: "Agreed.", idempotencyKey: randomToken() };
    const file = { ...await repairOf(cast, payment), refunds: [] };
    await requestRefund(cast.db, file, { actor: cast.ada, now, ...order });
  },
  outside: async ({ cast, reference, now }) => {
    const { booking, payments } = await fileOf(cast.db, reference);
    const by = { actor: cast.ada, now, idempotencyKey: randomToken(), payments };
    await recordOutsidePayment(cast.db, booking, { ...by, amountMinor: dueOf(booking, payments) });
  },
  cancel: async ({ cast, reference, now }) =>
    await verbs.cancel(cast.db, await fileOf(cast.db, reference), { actor: cast.ada, now }),
  clock: async ({ cast, now }) => {
    await expireUnpaid(cast.db, now);
    await freeIdleBookings(cast.db, now, 10);
  },
};

const shareOf = ({ amountMinor }: Payment, part: number) =>
  Math.max(1, Math.round(amountMinor * part));

async function repairOf({ db }: Cast, payment: Payment): Promise<Repair> {
  const { booking, payments } = (await again(db, payment)).file;
  return { payment, booking, payments };
}

/** `stale` acts on the attempt as it was before the step before; `pick` chooses among the attempts. */
const step = fc.record({
  act: fc.constantFrom("tell", "tell", "tell", ...Object.keys(acts)),
  outcome: fc.constantFrom("succeeded" as const, "succeeded" as const, ...outcomes),
  part: fc.constantFrom(1, 1, 1, 0.5, 0.25, 1.5),
  besides: fc.constantFrom(undefined, undefined, true as const),
  wait: fc.constantFrom(1, HOUR, 8 * DAY),
  pick: fc.nat(3),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

Deno.test("T-DOUBLE T-AMOUNT T-RACE: no story of payments breaks what is always true of the ledger", async () => {
  const story = fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 18 }), async (steps) => {
    await using cast = await openCast();
    const { booking } = await bookingIn(cast, "approved");
    const ledger = { cast, reference: booking.reference, notices: [], byHand: new Set<string>() };
    await play({ ...ledger, now: NOW + HOUR }, [{ ...start }, ...steps]);
  });
  await fc.assert(story, { numRuns: 20 });
});

const start: Step = {
  ...{ act: "start", outcome: "succeeded", part: 1, besides: undefined, wait: 1, pick: 0 },
};

async function play(ledger: Ledger, steps: Step[]) {
  const { db } = ledger.cast;
  for (const step of steps) {
    ledger.now += step.wait;
    const { payments } = await fileOf(db, ledger.reference);
    const payment = payments[step.pick % Math.max(1, payments.length)];
    if (!payment && step.act !== "start") continue;
    try {
      await acts[step.act]?.(ledger, payment as Payment, step);
    } catch (error) {
      if (!isProblem(error, "conflict") && !isProblem(error, "invalid")) throw error;
    }
    await assertLedger(ledger);
  }
  const before = await dump(db);
  for (const notice of ledger.notices.toReversed()) {
    assertEquals(await takeNotice(db, notice, ledger.now + DAY), "known");
  }
  assertEquals(await dump(db), before, "what was said before changes nothing");
}

async function assertLedger({ cast: { db }, reference, notices, byHand }: Ledger) {
  const { booking, payments, events } = await fileOf(db, reference);
  const price = booking.priceMinor as number;
  const sum = (some: Payment[], of: (payment: Payment) => number) =>
    some.reduce((total, payment) => total + of(payment), 0);
  const gross = (payment: Payment) => payment.receivedMinor ?? 0;
  const net = (payment: Payment) => gross(payment) - payment.refundedMinor;

  for (const payment of payments) {
    assert(net(payment) >= 0 && payment.refundedMinor >= 0, "never more back than came");
    if (!byHand.has(payment.id)) assertCame(payment, notices);
  }
  const back = await db.select().from(refunds);
  await assertPapers(db, payments);
  const { waiting } = await listPayments(db, OWNER, {});
  const waits = payments.filter(needsPerson).map(({ id }) => id);
  assertEquals(waiting.map(({ payment }) => payment.id).sort(), waits.sort());
  for (const payment of payments) {
    const made = back.filter(({ paymentId, status }) =>
      paymentId === payment.id && status !== "failed"
    );
    assertEquals(
      made.reduce((total, { amountMinor }) => total + amountMinor, 0),
      payment.refundedMinor,
    );
  }
  const succeeded = payments.filter(({ status }) => status === "succeeded");
  const counted = payments.filter(({ status }) => ["succeeded", "refunded"].includes(status));
  assert(succeeded.filter(({ part }) => !part).length <= 1, "one payment settles");
  assert(payments.filter(isRunning).length <= 1, "one attempt runs");
  const wasPaid = events.some(({ toStatus }) => toStatus === "paid");
  if (wasPaid) assert(sum(counted, gross) >= price, "paid means that all of it came");
  else assert(sum(succeeded, net) < price, "all of it came, and nobody was told");
}

/** Every sum that a provider told of is on its attempt, once, and so is what it took of that. */
function assertCame(payment: Payment, notices: Notice[]) {
  if (payment.method !== "stripe") return;
  const told = notices.filter(({ paymentId }) => paymentId === payment.id);
  const came = told.filter(({ outcome }) => outcome === "succeeded")
    .reduce((total, { amount }) => total + amount, 0);
  assertEquals(payment.receivedMinor ?? 0, came, payment.status);
  const back = backTold(told.filter(({ outcome }) => outcome.startsWith("refund")));
  assert(payment.refundedMinor >= Math.min(came, back), "what went back is counted");
}

/** Receipts are what came and counts, credit notes what went back, and no number is missing. */
async function assertPapers(db: Cast["db"], payments: Payment[]) {
  const papers = await db.select().from(receipts).orderBy(asc(receipts.number));
  for (const kind of ["receipt", "credit_note"] as const) {
    const numbers = papers.filter((paper) => paper.kind === kind).map(({ number }) => number);
    assertEquals(numbers, numbers.map((_, at) => at + 1), "no gap");
  }
  const made = await db.select().from(refunds);
  for (const { id, status, receivedMinor } of payments) {
    const sumOf = (of: (paper: typeof papers[number]) => boolean) =>
      papers.filter((paper) => paper.paymentId === id && of(paper))
        .reduce((total, { amountMinor }) => total + amountMinor, 0);
    const came = sumOf(({ kind, refundId }) => kind === "receipt" && refundId === null);
    if (status === "needs_review") assert(came <= (receivedMinor ?? 0));
    else assertEquals(came, receivedMinor ?? 0, status);
    const sent = sumOf(({ kind }) => kind === "credit_note") -
      sumOf(({ kind, refundId }) => kind === "receipt" && refundId !== null);
    const back = made.filter((refund) => refund.paymentId === id && refund.status === "succeeded");
    assertEquals(sent, back.reduce((total, { amountMinor }) => total + amountMinor, 0));
  }
}

const fact = fc.record({
  outcome: fc.constantFrom("processing", "succeeded", "disputed", "succeeded"),
  part: fc.constantFrom(1, 0.5, 0.25),
  money: fc.constantFrom("one", "two"),
}) as fc.Arbitrary<{ outcome: "succeeded"; part: number; money: string }>;

// Of two sums the one that is the price settles if it comes first, and waits with the other if it comes second.
Deno.test("F10: the same facts, shuffled and told several times, end in the same state", async () => {
  const shuffled = fc.array(fact, { minLength: 1, maxLength: 5 }).chain((facts) => {
    const copies = facts.flatMap((_, at) => [at, at]);
    return fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray(copies, { minLength: copies.length, maxLength: copies.length }),
    );
  });
  await using cast = await openCast();
  const tellAll = async (
    facts: (typeof fact extends fc.Arbitrary<infer T> ? T : never)[],
    order: number[],
  ) => {
    const { payment } = await paying(cast);
    const amounts = new Map(facts.map(({ money, part }) => [money, part]));
    const notices = facts.map(({ outcome, money }) =>
      told(payment, {
        ...{ outcome, providerPayment: money },
        amount: payment.amountMinor * (amounts.get(money) ?? 1),
      })
    );
    for (const at of order) await takeNotice(cast.db, notices[at] as Notice, NOW);
    const { file: { payments: [row] } } = await again(cast.db, payment);
    const sums = new Set(
      facts.filter(({ outcome }) => outcome === "succeeded").map(({ money }) => money),
    );
    return [sums.size < 2 ? await standing(cast.db, payment) : "", row?.receivedMinor];
  };
  const same = fc.asyncProperty(shuffled, async ([facts, order]) => {
    const straight = await tellAll(facts, facts.map((_, at) => at));
    assertEquals(await tellAll(facts, order), straight);
  });
  await fc.assert(same, { numRuns: 20 });
});
