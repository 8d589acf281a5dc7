import type { Booking } from "./booking_moves.ts";
import type { Payment } from "./payments.ts";
import type { AuditFacts } from "./schema.ts";

/** What the log says of a decision on a payment, which is found there by its booking's reference. */
export const entryOf = (
  what: string,
  { payment, booking }: { payment: Payment; booking: Booking },
  after: AuditFacts,
) => ({
  action: `payment.${what}`,
  subject: booking.reference,
  before: {
    ...{ payment: payment.id, status: payment.status, amountMinor: payment.amountMinor },
    ...{ receivedMinor: payment.receivedMinor, priceMinor: booking.priceMinor },
  },
  after: { payment: payment.id, ...after },
});
