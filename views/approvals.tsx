import type { Reason } from "../db/auto_approval.ts";
import type { Booking } from "../db/booking_moves.ts";
import { Instant, money } from "./format.tsx";

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

/**
 * "approved at USD 149.00 on Thu 5 Mar, 14:00 Berlin unless we answer sooner: in 2 days 4 hours": both sides read the
 * same, and a script lets the countdown go on.
 */
export function ApprovalPromise({ booking, now, zone }: PromiseProps) {
  const { cataloguePriceMinor, currency, autoApproveAt } = booking;
  if (cataloguePriceMinor === null || autoApproveAt === null) return null;
  const until = new Date(autoApproveAt).toISOString();
  return (
    <>
      approved at {money(cataloguePriceMinor, currency)} on{" "}
      <Instant at={autoApproveAt} {...{ now, zone }} /> unless we answer sooner:{" "}
      <span data-until={until}>{countdown(autoApproveAt - now)}</span>
    </>
  );
}

const MINUTE = 60_000;

/**
 * "in 2 days 4 hours", "in 7 days" where it is 7 days and 2 minutes, "in 5 minutes", and "any minute now" when it is over:
 * static/app.js says it the same way.
 */
export function countdown(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return "any minute now";
  const parts: [string, number][] = [
    ["day", Math.floor(minutes / 1440)],
    ["hour", Math.floor(minutes / 60) % 24],
    ["minute", minutes % 60],
  ];
  const first = parts.findIndex(([, n]) => n > 0);
  const said = parts.slice(first, first + 2).filter(([, n]) => n > 0)
    .map(([unit, n]) => `${n} ${unit}${n === 1 ? "" : "s"}`);
  return `in ${said.join(" ")}`;
}
