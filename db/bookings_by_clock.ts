import { type Candidate, type Cursor, listOverdueApprovals } from "./approval_candidates.ts";
import { stillApproves, whyNotApproved } from "./auto_approval.ts";
import { endUnpaid, listUnpaid } from "./booking_ends.ts";
import type { Booking } from "./booking_moves.ts";
import { approval } from "./booking_reviews.ts";
import { commit, type Db, problemBehind, type Statement } from "./client.ts";
import { isProblem } from "./problem.ts";

const BATCH = 50;
const clock = { kind: "clock" as const, id: null, name: "ConnectPro" };

/**
 * Approves, at the catalogue price, every booking whose time has come and that nothing speaks against; with
 * `reference` that one alone. Returns how many this call approved.
 */
export async function approveOverdue(db: Db, now: number, reference?: string): Promise<number> {
  const failures: unknown[] = [];
  let [done, after]: [number, Cursor | undefined] = [0, undefined];
  for (;;) {
    const due: Candidate[] = await listOverdueApprovals(db, now, {
      limit: BATCH,
      after,
      reference,
    });
    const fit = due.filter((facts) => whyNotApproved(facts) === null);
    done += await approveTogether(db, fit.map(({ booking }) => booking), { now, failures });
    const last = due.at(-1)?.booking;
    if (due.length < BATCH || !last) break;
    after = { at: last.autoApproveAt ?? 0, id: last.id };
    await othersFirst();
  }
  if (failures.length > 0) throw failures[0];
  return done;
}

/** A local file is written without a pause: between two batches it is the turn of whoever else waits. */
const othersFirst = () => new Promise((resolve) => setTimeout(resolve));

type Together = { now: number; failures: unknown[] };

/**
 * Approves all of `bookings` in one batch. Where that is refused, one of them was moved or is not to be approved any
 * more: each half is tried by itself. What fails alone for a reason of its own keeps no other back.
 */
async function approveTogether(db: Db, bookings: Booking[], by: Together): Promise<number> {
  if (bookings.length === 0) return 0;
  try {
    await commit(db, approvals(db, bookings, by.now));
    return bookings.length;
  } catch (error) {
    if (problemBehind(error)?.code === "unavailable") throw error;
    if (bookings.length === 1) {
      if (!isProblem(error, "conflict")) by.failures.push(error);
      return 0;
    }
    const middle = bookings.length >> 1;
    const first = await approveTogether(db, bookings.slice(0, middle), by);
    return first + await approveTogether(db, bookings.slice(middle), by);
  }
}

/** The first of them asks for all whether the clock may still approve them: one that it may not undoes the batch. */
const approvals = (db: Db, bookings: Booking[], now: number): Statement[] =>
  bookings.flatMap((booking, at) =>
    approval(db, booking, {
      ...{ actor: clock, now, priceMinor: booking.cataloguePriceMinor as number },
      onlyIf: at === 0 ? stillApproves(bookings) : undefined,
    }).statements
  );

/** Ends every booking that nobody paid in time. Returns how many this call ended. */
export async function expireUnpaid(db: Db, now: number): Promise<number> {
  let done = 0;
  for (let due = await listUnpaid(db, now, BATCH);; due = await listUnpaid(db, now, BATCH)) {
    for (const booking of due) {
      const change = { actor: clock, now, note: "Not paid in time." };
      if (await won(() => endUnpaid(db, booking, change))) done++;
    }
    if (due.length < BATCH) return done;
  }
}

/** Another process, or a person, may have moved the booking since it was listed: then it is theirs. */
async function won(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (isProblem(error, "conflict")) return false;
    throw error;
  }
}
