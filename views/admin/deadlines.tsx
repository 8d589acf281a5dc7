import type { Booking } from "../../db/booking_moves.ts";
import { whyNotWords } from "../approvals.tsx";

const MINUTE = 60_000;
const units: [string, number][] = [["d", 1440], ["h", 60], ["min", 1]];

/** A length of time for a dense table: "1 d 4 h", "3 h 20 min", "5 min". */
export function span(milliseconds: number): string {
  let minutes = Math.max(1, Math.floor(milliseconds / MINUTE));
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const amount = Math.floor(minutes / size);
    minutes -= amount * size;
    if (amount > 0 && parts.length < 2) parts.push(`${amount} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.join(" ");
}

/** What the clock will do to a pending booking, and when. */
export function Deadline({ booking, now }: { booking: Booking; now: number }) {
  const { status, heldAt, attention, autoApproveAt, cataloguePriceMinor } = booking;
  if (status !== "pending") return null;
  if (heldAt !== null) return <>on hold for {span(now - heldAt)}</>;
  if (attention !== null) return <>needs a person: {whyNotWords(attention)}</>;
  if (cataloguePriceMinor === null) return <>waits for a price</>;
  if (autoApproveAt === null) return <>waits for a person</>;
  return (
    <time datetime={new Date(autoApproveAt).toISOString()}>
      {autoApproveAt > now
        ? `approves itself in ${span(autoApproveAt - now)}`
        : "approves itself now"}
    </time>
  );
}

/** How long somebody has waited for an answer. */
export function Waiting({ since, now }: { since: number; now: number }) {
  return <time datetime={new Date(since).toISOString()}>{span(now - since)}</time>;
}
