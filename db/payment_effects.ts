import { eq, sql } from "drizzle-orm";
import type { SQLiteUpdateSetSource } from "drizzle-orm/sqlite-core";
import { type Booking, moveBooking } from "./booking_moves.ts";
import { PAY_WITHIN } from "./booking_reviews.ts";
import type { Db, Statement } from "./client.ts";
import { mailToAdmins, mailToClient } from "./emails.ts";
import { providerOf } from "./kept_notices.ts";
import type { Case, Decision } from "./payment_decisions.ts";
import type { Notice } from "./payment_notices.ts";
import { onlyFrom, settle, unlessMore } from "./payment_settlement.ts";
import { running } from "./payment_status.ts";
import { receiptFor } from "./receipts.ts";
import { payments } from "./schema.ts";
import { refundFailed, sentBack } from "./told_refunds.ts";

const DAY = 86_400_000;

type Told<D = Decision> = { notice: Notice; decision: D; now: number };
type Raised = Extract<Decision, { effect: "needs_review" | "doubled" }>;
type Came = Extract<Decision, { receivedMinor: number | null }>;
type Ended = Extract<Decision, { effect: "failed" | "expired" }>;

/** The writes of a decision. The batch fails with `conflict` where the case has changed since it was read. */
export function effectStatements(db: Db, found: Case, told: Told): Statement[] {
  const { notice, decision, now } = told;
  const actor = providerOf(notice);
  switch (decision.effect) {
    case "processing":
      return [update(db, found, { status: onlyFrom(["created", "open"], "processing"), now })];
    case "succeeded": {
      const receipt = { amountMinor: decision.receivedMinor };
      const { statements } = settle(db, found.booking, { ...found, actor, now, receipt });
      return [...statements, ...afterwards(db, found, { ...told, decision })];
    }
    case "needs_review":
    case "doubled":
      return [
        ...raised(db, found, { ...told, decision }),
        ...afterwards(db, found, { ...told, decision }),
      ];
    case "failed":
    case "expired":
      return ended(db, found, { ...told, decision });
    case "early":
      return [];
    case "refunded":
      return sentBack(db, found, told);
    case "refund_failed":
      return refundFailed(db, found, { ...told, refund: decision.refund });
    case "disputed": {
      const disputed = update(db, found, { disputedAt: sql`coalesce(disputed_at, ${now})`, now });
      return [disputed, alarm(found, { reason: "disputed", now })];
    }
    case "ignored":
      return [
        ...named(db, found, notice),
        ...notice.outcome === "succeeded" ? sentBack(db, found, told) : [],
        ...decision.alarm ? [alarm(found, { reason: "failed", now })] : [],
      ];
  }
}

type Columns = SQLiteUpdateSetSource<typeof payments>;

const update = (db: Db, { payment }: Case, { now, ...columns }: Columns & { now: number }) =>
  db.update(payments).set({ ...columns, updatedAt: now }).where(eq(payments.id, payment.id));

/** Refunds name the money as the provider does. */
const named = (db: Db, { payment }: Case, { providerPayment: name }: Notice) =>
  name && payment.providerPayment === null
    ? [db.update(payments).set({ providerPayment: name }).where(eq(payments.id, payment.id))]
    : [];

/** What follows once money is here, whatever it does: its name, and what the provider took of it before. */
function afterwards(db: Db, found: Case, told: Told<Came>): Statement[] {
  const { receivedMinor } = told.decision;
  const here = { ...found, payment: { ...found.payment, receivedMinor } };
  const { notice } = told;
  return [...named(db, found, notice), ...sentBack(db, here, told)];
}

/** Money that a person must look at: kept with the attempt, and the admins are told. */
function raised(db: Db, found: Case, { decision, now }: Told<Raised>): Statement[] {
  const { payment } = found;
  const { effect, reason, receivedMinor } = decision;
  const onTop = effect === "doubled";
  const after = onTop ? "succeeded" : effect;
  const status = unlessMore(payment, eq(payments.status, payment.status), after);
  return [
    update(db, found, { status, receivedMinor, part: onTop && payment.part, reason, now }),
    ...onTop ? [receiptFor(found.booking, payment, now)] : [],
    alarm({ ...found, payment: { ...payment, receivedMinor } }, { reason, now }),
  ];
}

/** Every admin who sees all bookings is told of a payment and a reason once. */
function alarm({ payment, booking }: Case, { reason, now }: { reason: string; now: number }) {
  const { id, method, receivedMinor, amountMinor } = payment;
  const params = { reason, method, paymentId: id, amountMinor: receivedMinor ?? amountMinor };
  return mailToAdmins(booking, {
    ...{ template: "payment_review" as const, now, params },
    once: `${id}.${reason}`,
  });
}

/** The attempt is over; its booking can be paid in another way. Of a page that just ended nobody need be told. */
function ended(db: Db, found: Case, { notice, decision, now }: Told<Ended>): Statement[] {
  const { effect, frees } = decision;
  const reason = notice.reason ?? null;
  const status = onlyFrom(running, effect);
  const over = update(db, found, { status, reason, closedAt: now, now });
  if (!frees) return [over];
  const { booking } = found;
  const set = { payBy: payBy(booking, effect, now) };
  const actor = providerOf(notice);
  const moved = moveBooking(db, booking, { actor, now, set, move: "fail_payment", note: reason });
  const mail = { template: "payment_refused", now, params: { reason } } as const;
  const told = effect === "failed" ? [mailToClient(db, moved.booking, mail)] : [];
  return [...moved.statements, over, ...told];
}

/** Who was refused has all the time again; who let a page end has what was left, and a day at least. */
const payBy = (booking: Booking, effect: Ended["effect"], now: number) =>
  effect === "failed" ? now + PAY_WITHIN : Math.max(booking.payBy ?? 0, now + DAY);
