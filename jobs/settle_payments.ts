import { freeIdleBookings } from "../db/idle_bookings.ts";
import { type Notice, takeNotice } from "../db/payment_notices.ts";
import { claimAsk, markClosed } from "../db/payment_pages.ts";
import { listUnbegun, listUnclosed, listUnsettled } from "../db/payment_waits.ts";
import type { Payment } from "../db/payments.ts";
import { type Gateway, GatewayError } from "./gateways/gateway.ts";
import { log, nameOf } from "./log.ts";
import type { Post } from "./send_emails.ts";

/** How many attempts one run looks at for each reason, and how many of them at once. */
const BATCH = 100;
const AT_ONCE = 5;

/**
 * The truth where no call of a provider's came: asks about every attempt that is not final, ends those that never
 * began, closes the pages of those that ended, and lets bookings be paid again that nobody pays. Returns how many
 * things it did. A provider that does not answer stops only its own attempts, and they are asked about again.
 */
export async function settlePayments(post: Post, now: number): Promise<number> {
  const { db } = post;
  const asked = await each(
    await listUnsettled(db, now, { methods: methodsThat("ask", post), limit: BATCH }),
    (payment) => askAbout(post, payment, now),
  );
  const ended = await each(
    await listUnbegun(db, now, BATCH),
    (payment) => take(post, neverBegun(payment, now), now),
  );
  const closed = await each(
    await listUnclosed(db, { methods: methodsThat("close", post), limit: BATCH }),
    (payment) => close(post, payment, now),
  );
  return asked + ended + closed + await freeIdleBookings(db, now, BATCH);
}

const gatewayOf = ({ gateways }: Post, { method }: Payment): Gateway | undefined =>
  gateways.find((gateway) => gateway.method === method);
const methodsThat = (can: "ask" | "close", { gateways }: Post) =>
  gateways.filter((gateway) => gateway[can]).map(({ method }) => method);

async function askAbout(post: Post, payment: Payment, now: number): Promise<boolean> {
  const gateway = gatewayOf(post, payment);
  if (!gateway?.ask || !await claimAsk(post.db, payment, now)) return false;
  const notice = await gateway.ask(payment, now);
  return notice !== null && await take(post, notice, now);
}

async function take({ db }: Post, notice: Notice, now: number): Promise<boolean> {
  const taken = await takeNotice(db, notice, now);
  return !["known", "unknown", "ignored"].includes(taken);
}

const neverBegun = ({ id, amountMinor, currency }: Payment, now: number): Notice => ({
  ...{ provider: "clock", eventId: `${id}:never-begun`, paymentId: id, bodyHash: null },
  ...{ kind: "never_begun", outcome: "expired", amount: amountMinor, currency, at: now },
});

/** A page that its provider will never close is not tried again: what comes by it waits for a person. */
async function close(post: Post, payment: Payment, now: number): Promise<boolean> {
  try {
    await gatewayOf(post, payment)?.close?.(payment);
  } catch (error) {
    if (!(error instanceof GatewayError) || !error.permanent) throw error;
  }
  await markClosed(post.db, [payment], now);
  return true;
}

/** One attempt that fails never delays another. */
async function each(some: Payment[], act: (payment: Payment) => Promise<boolean>) {
  let done = 0;
  for (let at = 0; at < some.length; at += AT_ONCE) {
    const ends = await Promise.all(
      some.slice(at, at + AT_ONCE).map((payment) => tried(payment, act)),
    );
    done += ends.filter(Boolean).length;
  }
  return done;
}

async function tried(payment: Payment, act: (payment: Payment) => Promise<boolean>) {
  try {
    return await act(payment);
  } catch (error) {
    const word = error instanceof GatewayError ? error.word : nameOf(error);
    log("warn", "settle_payments", { payment: payment.id, error: word });
    return false;
  }
}
