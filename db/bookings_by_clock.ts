import { listOverdueApprovals, listUnpaid } from "./booking_lists.ts";
import type { Booking } from "./booking_moves.ts";
import { approveBooking, expireBooking } from "./booking_reviews.ts";
import type { Db } from "./client.ts";
import { isProblem } from "./problem.ts";

const BATCH = 50;
const clock = { kind: "clock" as const, id: null, name: "ConnectPro" };

/** Approves, at the catalogue price, every booking whose time has come. Returns how many this call approved. */
export async function approveOverdue(db: Db, now: number): Promise<number> {
  return await forEachDue(() => listOverdueApprovals(db, now, BATCH), async (booking) => {
    if (booking.cataloguePriceMinor === null) return;
    await approveBooking(db, booking, {
      actor: clock,
      now,
      priceMinor: booking.cataloguePriceMinor,
    });
  });
}

/** Ends every approved booking that nobody paid in time. Returns how many this call ended. */
export async function expireUnpaid(db: Db, now: number): Promise<number> {
  return await forEachDue(() => listUnpaid(db, now, BATCH), async (booking) => {
    await expireBooking(db, booking, { actor: clock, now, note: "Not paid in time." });
  });
}

async function forEachDue(
  list: () => Promise<Booking[]>,
  act: (booking: Booking) => Promise<void>,
) {
  let done = 0;
  for (let due = await list(); due.length > 0; due = await list()) {
    for (const booking of due) {
      if (await won(() => act(booking))) done++;
    }
    if (due.length < BATCH) break;
  }
  return done;
}

/** Another process, or a person, may have moved the booking since it was listed: then it is theirs. */
async function won(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (isProblem(error, "conflict")) return false;
    throw error;
  }
}
