import { z } from "zod";
import type { Booking, Change } from "../../db/booking_moves.ts";
import { cancelBooking, isPaid } from "../../db/booking_reviews.ts";
import type { Db } from "../../db/client.ts";
import { cancelPaidBooking, type MoneyBack } from "../../db/paid_cancellations.ts";
import type { Payment } from "../../db/payments.ts";
import { Problem } from "../../db/problem.ts";
import type { Person } from "../../db/sessions.ts";
import { assertMay } from "../permissions.ts";
import { assertProven } from "../step_up.tsx";
import { amountIn } from "./amounts.ts";

/** What a cancellation says of the money, beside its reason. */
export const moneyFields = {
  money: z.enum(["refund_all", "refund_part", "keep"], "Choose what happens with the money.")
    .optional(),
  refund_amount: z.string("Write one amount.").trim().max(20, "Write a shorter amount.")
    .default(""),
};
type Sent = z.infer<z.ZodObject<typeof moneyFields>>;
type By = Change & { note: string; payments: Payment[]; person: Person; sent: Sent };

/**
 * Cancels a booking. What happens with the money of a paid one is for those who decide payments, and asks for a
 * fresh proof; a form that does not say it changes nothing and is answered with the question.
 */
export async function cancel(db: Db, booking: Booking, by: By) {
  const { payments, sent } = by;
  if (!isPaid(booking) || !sent.money) return await cancelBooking(db, booking, by);
  const money = moneyOf({ ...sent, money: sent.money }, booking.currency);
  assertProven(assertMay(by.person, "payments"), by.now);
  return await cancelPaidBooking(db, { booking, payments }, { ...by, money });
}

function moneyOf(sent: Sent & { money: MoneyBack["kind"] }, currency: string): MoneyBack {
  if (sent.money !== "refund_part") return { kind: sent.money };
  if (!sent.refund_amount) {
    throw new Problem("invalid", "Write the amount to send back.", "refund_amount");
  }
  return { kind: sent.money, amountMinor: amountIn(sent, "refund_amount", currency) };
}
