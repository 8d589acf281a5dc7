import type { Reason } from "../db/auto_approval.ts";
import type { Booking } from "../db/booking_moves.ts";
import { instant, money } from "./format.tsx";

const reasons: Record<Reason, string> = {
  decided: "it is decided already",
  held: "it is on hold",
  unpriced: "it has no catalogue price",
  inactive: "its service is not offered any more",
  switched_off: "its service does not approve itself",
  by_hand: "it was left to a person",
  price_changed: "the catalogue price has changed since it was booked",
  blocked: "nothing of this client's approves itself",
  over_limit: "its price is over the limit for that",
};

/** Why the clock does not approve a booking, for those who work here. */
export const whyNotWords = (reason: string) => reasons[reason as Reason] ?? reason;

type PromiseProps = { booking: Booking; now: number; zone: string };

/** "approved at USD 149.00 on Thu 5 Mar, 14:00 (UTC) unless we answer sooner": both sides read the same. */
export function ApprovalPromise({ booking, now, zone }: PromiseProps) {
  const { cataloguePriceMinor, currency, autoApproveAt } = booking;
  if (cataloguePriceMinor === null || autoApproveAt === null) return null;
  return (
    <>
      approved at {money(cataloguePriceMinor, currency)} on{" "}
      <time datetime={new Date(autoApproveAt).toISOString()}>
        {instant(autoApproveAt, zone, now)} ({zone})
      </time>{" "}
      unless we answer sooner
    </>
  );
}
