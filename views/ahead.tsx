import type { Booking } from "../db/booking_moves.ts";
import type { Status } from "../db/booking_status.ts";
import { days, fullDate } from "./format.tsx";

type Step = { name: string; who: string };
const price = { name: "Price", who: "We fix it and write to you" };
const payment = { name: "Payment", who: "You, when the price suits you" };
const check = { name: "Payment confirmed", who: "We see the money and write to you" };
const work = { name: "Work", who: "Both of us, in the chat that opens then" };
const delivery = (when: string) => ({ name: "Delivery", who: `We${when}` });

/** What is still to come, nearest first; nothing once a booking is over. */
const comes: Partial<Record<Status, Step[]>> = {
  pending: [price, payment, work],
  approved: [payment, work],
  payment_pending: [check, work],
  paid: [work],
  in_progress: [],
};

/** ", by 9 March 2026"; work that was taken up again has no date. */
function dueOf({ status, deliveryDays }: Booking, by: number | null | undefined, zone: string) {
  if (by) return `, by ${fullDate(by, zone)}`;
  return status === "in_progress" ? "" : `, within ${days(deliveryDays)} of your payment`;
}

type AheadProps = { booking: Booking; deliverBy?: number | null; zone: string };

/** The rest of a booking's way, drawn on below what happened. */
export function Ahead({ booking, deliverBy, zone }: AheadProps) {
  const steps = comes[booking.status];
  if (!steps) return null;
  return (
    <>
      <h3 class="visually-hidden">Still to come</h3>
      <ol class="timeline ahead">
        {[...steps, delivery(dueOf(booking, deliverBy, zone))].map(({ name, who }) => (
          <li class="timeline-item">
            <p>{name}</p>
            <p class="hint">{who}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
