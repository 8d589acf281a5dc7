import { audited } from "./audit.ts";
import type { Actor, Booking } from "./booking_moves.ts";
import type { Db, Statement } from "./client.ts";
import type { Notice } from "./payment_notices.ts";
import type { Payment } from "./payments.ts";
import { failedStatements, succeededStatements, unfinished, wentBack } from "./refund_results.ts";
import { newRefund, type Refund } from "./refunds.ts";
import { refunds } from "./schema.ts";

type Known = { payment: Payment; booking: Booking; refunds: Refund[] };
type Told = { refundedMinor: number; actor: Actor; now: number };
/** What a provider said of money going back: how much of one sum in all, or that some of it did not get there. */
export type SentBack = Pick<Notice, "outcome" | "amount" | "at"> & {
  providerPayment?: string | null;
};

/**
 * What went back of an attempt's money by its provider's word, in minor units: of every sum that came the most that
 * was told, as words come late and in any order. A word from before a refund failed counts no more.
 */
export function backTold(said: SentBack[]): number {
  const bySum = Map.groupBy(said, ({ providerPayment }) => providerPayment ?? "");
  return [...bySum.values()].reduce((sum, words) => sum + mostOf(words), 0);
}

function mostOf(words: SentBack[]): number {
  const failed = words.filter(({ outcome }) => outcome === "refund_failed").map(({ at }) => at);
  const since = Math.max(-1, ...failed);
  const totals = words.filter(({ outcome, at }) => outcome === "refunded" && at > since);
  return Math.max(0, ...totals.map(({ amount }) => amount));
}

/** The refund that failed by a provider's word: the one it names, else one of that amount made there. */
export function refundMeant(known: Refund[], { refund, amount }: Notice): Refund | undefined {
  const named = refund &&
    known.find(({ id, providerRef }) => id === refund.id || providerRef === refund.ref);
  const meant = named ??
    known.find((one) =>
      one.amountMinor === amount && one.status === "succeeded" &&
      one.requestedBy === null && one.providerRef === null
    );
  return meant?.status === "failed" ? undefined : meant;
}

/**
 * What follows from a provider's word that `refundedMinor` of a payment went back so far, for the batch that keeps
 * its notice; nothing where we know that already. Our own refunds succeed by it, oldest first; what they do not
 * explain was made at the provider and is kept as one of ours. One of ours that no longer fits beside it has
 * failed. The totals agree afterwards, whatever the order in which the provider's words come.
 */
export function noteProviderRefund(db: Db, known: Known, told: Told): Statement[] {
  const { payment } = known;
  const received = payment.receivedMinor ?? 0;
  const sent = sumOf(known.refunds.filter(({ status }) => status === "succeeded"));
  const open = known.refunds.filter(({ status }) => unfinished.includes(status));
  let rest = Math.min(told.refundedMinor, received) - sent;
  if (rest <= 0) return [];
  const ours = open.filter(({ amountMinor }) => {
    if (amountMinor > rest) return false;
    rest -= amountMinor;
    return true;
  });
  const statements = ours.flatMap((refund) =>
    succeededStatements(db, { ...known, refund }, { providerRef: null, now: told.now })
  );
  if (rest === 0) return statements;
  const others = open.filter((refund) => !ours.includes(refund));
  const fits = received - sent - sumOf(ours) - sumOf(others) >= rest;
  return [
    ...statements,
    ...fits
      ? []
      : others.flatMap((refund) =>
        failedStatements(db, { ...known, refund }, { error: "refunded-elsewhere", now: told.now })
      ),
    ...madeThere(db, known, { ...told, amountMinor: rest }),
  ];
}

/** A refund that nobody asked for here. Its key counts those before it: told twice at once, it is kept once. */
function madeThere(db: Db, known: Known, told: Told & { amountMinor: number }): Statement[] {
  const { payment, booking } = known;
  const { amountMinor, actor, now } = told;
  const made: Refund = {
    ...newRefund(payment, {
      ...{ actor, now, amountMinor, reason: "made at the provider" },
      idempotencyKey: `provider.${payment.id}.${known.refunds.length}.${told.refundedMinor}`,
    }),
    ...{ status: "succeeded", nextTryAt: null },
  };
  return [
    db.insert(refunds).values(made),
    ...wentBack(db, { refund: made, payment, booking }, now),
    audited(db, { actor, now }, {
      action: "payment.refund",
      subject: booking.reference,
      after: { payment: payment.id, refund: made.id, amountMinor, reason: made.reason },
    }),
  ];
}

const sumOf = (some: Refund[]) => some.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
