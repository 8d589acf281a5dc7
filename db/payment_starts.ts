import { eq } from "drizzle-orm";
import { type Booking, type Change, moveBooking } from "./booking_moves.ts";
import { commit, type Db, isUnique, type Statement } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { keepNotice, providerOf } from "./kept_notices.ts";
import type { Notice } from "./payment_notices.ts";
import { settle, voidRunning } from "./payment_settlement.ts";
import { isInFlight } from "./payment_status.ts";
import { newPayment, type Opening, type Payment, whileDue } from "./payments.ts";
import { isProblem, Problem } from "./problem.ts";
import { payments } from "./schema.ts";

type Start = Change & {
  method: Payment["method"];
  idempotencyKey: string;
  /** All attempts of the booking so far. */
  payments: Payment[];
  /** How the method begins; `attempt` rises from 1 while the quote it makes is taken by another payment. */
  opens: (payment: Payment, attempt: number) => Opening;
};

const TRIES = 8;

/**
 * Begins an attempt to pay what is left of the booking's price; an older open attempt is voided. The same
 * idempotency key again returns the attempt it began. Throws `conflict` while another payment is being checked.
 */
export async function startPayment(db: Db, booking: Booking, start: Start): Promise<Payment> {
  const twin = start.payments.find((payment) => payment.idempotencyKey === start.idempotencyKey);
  if (twin) return twin;
  if (start.payments.some(isInFlight)) {
    throw new Problem("conflict", "Your last payment is being checked. You need not pay again.");
  }
  try {
    return await begin(db, booking, start);
  } catch (error) {
    const spent = isUnique(error, "payments.idempotency_key");
    if (!spent && !isProblem(error, "conflict")) throw error;
    const first = await findPaymentByKey(db, start.idempotencyKey);
    if (first?.bookingId === booking.id) return first;
    throw spent
      ? new Problem("conflict", "This form was sent already. Load the page again.")
      : error;
  }
}

/** Two quotes never ask for the same amount at the same address: the later one is made again. */
async function begin(db: Db, booking: Booking, start: Start): Promise<Payment> {
  const fresh = newPayment(booking, start);
  for (let attempt = 1;; attempt++) {
    const { status, quote, notice } = start.opens(fresh, attempt);
    const payment = { ...fresh, ...quote, status };
    try {
      await commit(db, startStatements(db, { booking, payment, start, notice }));
      return payment;
    } catch (error) {
      if (attempt === TRIES || !isUnique(error, "payments.usdt_address")) throw error;
    }
  }
}

type Begun = { booking: Booking; payment: Payment; start: Start; notice?: Notice };

function startStatements(db: Db, { booking, payment, start, notice }: Begun): Statement[] {
  const { actor, now } = start;
  const moved = moveBooking(db, booking, { actor, now, move: "start_payment" });
  const begun = [
    ...moved.statements,
    voidRunning(db, booking, now),
    db.insert(payments).values({ ...payment, status: whileDue(payment, start.payments) }),
  ];
  if (payment.method === "bank") {
    const params = { paymentId: payment.id };
    begun.push(mailToClient(db, moved.booking, { template: "payment_instructions", now, params }));
  }
  if (!notice) return begun;
  const settled = settle(db, moved.booking, {
    ...{ payment, actor: providerOf(notice), now },
    receipt: { amountMinor: notice.amount },
  });
  return [...begun, ...settled.statements, keepNotice(db, notice, { effect: "succeeded", now })];
}

async function findPaymentByKey(db: Db, idempotencyKey: string) {
  return await db.select().from(payments).where(eq(payments.idempotencyKey, idempotencyKey)).get();
}
