import { audited } from "./audit.ts";
import { type BankLine, claimLine, isAwaited, orDecided } from "./bank_lines.ts";
import type { Booking, Change } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { takeNotice } from "./payment_notices.ts";
import { confirmPayment } from "./payment_reviews.ts";
import type { Payment } from "./payments.ts";
import { isProblem, Problem } from "./problem.ts";

/** A line of a statement with the payment that it shall settle. */
export type Matched = { line: BankLine; booking: Booking; payment: Payment };
/** What became of one of several lines; without a problem it is confirmed. */
export type Confirmed = { line: BankLine; booking: Booking | null; problem: string | null };

const MAX_REFERENCE = 140;

/**
 * What a statement says came is confirmed as if an admin had typed it: the exact amount settles, any other waits
 * for a decision. Money for an attempt that is over or paid is taken like a provider's notice: it came on top.
 * Throws `conflict` on another currency, and while what came before waits for a decision.
 */
export async function confirmLine(db: Db, matched: Matched, by: Change) {
  const { line, payment } = matched;
  if (line.currency !== payment.currency) {
    throw new Problem(
      "conflict",
      `This line is in ${line.currency}, the payment in ${payment.currency}. Send the money back.`,
    );
  }
  await orDecided(() =>
    isAwaited(payment) ? confirmAwaited(db, matched, by) : confirmLate(db, matched, by)
  );
}

/** The line is decided with the payment, or neither is. */
async function confirmAwaited(db: Db, { line, booking, payment }: Matched, by: Change) {
  const { amountMinor, receivedOn, words } = line;
  const reference = words.slice(0, MAX_REFERENCE) || undefined;
  const also = [claimLine(line, payment, by.now)];
  await confirmPayment(db, { payment, booking }, {
    ...by,
    ...{ amountMinor, receivedOn, reference, also },
  });
}

/** The notice carries the line's own key: a second click finds it taken, and only decides the line. */
async function confirmLate(db: Db, { line, booking, payment }: Matched, by: Change) {
  if (payment.status === "needs_review") {
    throw new Problem("conflict", "What came before waits for your decision. Decide that first.");
  }
  const taken = await takeNotice(db, {
    ...{ provider: "bank", eventId: line.key, providerPayment: line.key, paymentId: payment.id },
    ...{ kind: "statement.line", bodyHash: null, outcome: "succeeded", amount: line.amountMinor },
    ...{ currency: line.currency, at: by.now, besides: true },
  }, by.now);
  const facts = { payment: payment.id, amountMinor: line.amountMinor, effect: taken };
  await commit(db, [
    claimLine(line, payment, by.now),
    audited(db, by, { action: "statement.confirm", subject: booking.reference, after: facts }),
  ]);
}

/** Confirms one line after the other; one that cannot be says why and stops no other. */
export async function confirmLines(db: Db, matched: Matched[], by: Change): Promise<Confirmed[]> {
  const results: Confirmed[] = [];
  for (const { line, booking, payment } of matched) {
    try {
      await confirmLine(db, { line, booking, payment }, by);
      results.push({ line, booking, problem: null });
    } catch (error) {
      if (!isProblem(error, "conflict")) throw error;
      results.push({ line, booking, problem: error.message });
    }
  }
  return results;
}
