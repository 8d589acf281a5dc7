import type { Status } from "./booking_status.ts";
import type { PaymentFile } from "./payment_lists.ts";

/** What an admin may do about money that is not simply the price, beside sending it back. */
export const repairs = ["acceptance", "rest", "dispute"] as const;
export type Repair = typeof repairs[number];

const payable: Status[] = ["approved", "payment_pending", "expired"];

/** Which of them fit a payment: those that db/payment_repairs.ts and db/payment_disputes.ts would carry out. */
export function repairsFor({ payment, booking }: PaymentFile): Repair[] {
  const { status, reason, disputedAt, receivedMinor, refundedMinor } = payment;
  const here = receivedMinor === null || refundedMinor < receivedMinor;
  const waits = status === "needs_review" && here;
  return [
    ...waits && payable.includes(booking.status) ? ["acceptance" as const] : [],
    ...waits && reason === "short" && booking.status === "payment_pending" ? ["rest" as const] : [],
    ...disputedAt === null ? [] : ["dispute" as const],
  ];
}
