import { claimRefunds, recordRefundDelayed, recordRefundTaken } from "../db/refund_claims.ts";
import { type DueRefund, recordRefunded, recordRefundFailed } from "../db/refund_results.ts";
import { type Gateway, GatewayError, type RefundAnswer } from "./gateways/gateway.ts";
import { nameOf } from "./log.ts";
import type { Post } from "./send_emails.ts";

/** Tells the providers of every refund that is due, until none is left. Returns how many they have taken. */
export async function sendRefunds(post: Post, now: number): Promise<number> {
  let sent = 0;
  for (
    let due = await claimRefunds(post.db, now);
    due.length > 0;
    due = await claimRefunds(post.db, now)
  ) {
    const taken = await Promise.all(due.map((refund) => sendOne(post, refund, now)));
    sent += taken.filter(Boolean).length;
  }
  return sent;
}

/** One refund that fails never delays another: what happened is kept on its row. */
async function sendOne({ db, gateways }: Post, due: DueRefund, now: number): Promise<boolean> {
  const gateway = gateways.find(({ method }) => method === due.payment.method);
  try {
    const answer = await askFor(gateway, due, now);
    await keep(db, due, { ...answer, now });
    return answer.status !== "failed";
  } catch (error) {
    const known = error instanceof GatewayError;
    const failure = { error: known ? error.word : nameOf(error), now };
    const record = known && error.permanent ? recordRefundFailed : recordRefundDelayed;
    await record(db, due, failure);
    return false;
  }
}

async function askFor(
  gateway: Gateway | undefined,
  { refund, payment }: DueRefund,
  now: number,
): Promise<RefundAnswer> {
  if (!gateway?.refund) throw new GatewayError("not-configured", true);
  return await gateway.refund(refund, payment, now);
}

async function keep(db: Post["db"], due: DueRefund, answer: RefundAnswer & { now: number }) {
  const { status, providerRef, now } = answer;
  if (status === "succeeded") return await recordRefunded(db, due, { providerRef, now });
  if (status === "processing") return await recordRefundTaken(db, due, { providerRef, now });
  await recordRefundFailed(db, due, { error: answer.error ?? "refused", now });
}
