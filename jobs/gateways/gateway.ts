import type { Booking } from "../../db/booking_moves.ts";
import type { Opening, Payment } from "../../db/payments.ts";
import type { PaymentMethod } from "../../db/schema.ts";

/** One way to pay. A new one is a new file beside this one and a line in `payment_gateways.ts`. */
export type Gateway = {
  method: PaymentMethod;
  name: string;
  /** For the client's choice: what it costs, how long it takes, what they need. */
  about: { cost: string; takes: string; needs: string };
  /** How an attempt begins, before anything outside is called. Touches no network. */
  opens(payment: Payment, now: number): Opening;
  /** Values the client copies to pay, as label and value. */
  instructions?(payment: Payment, booking: Booking): [string, string][];
  /** Asks the provider for the page where the client pays; called once the attempt is stored. */
  start?(payment: Payment, booking: Booking): Promise<URL>;
};
