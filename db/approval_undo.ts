import type { BookingFile } from "./booking_finders.ts";
import { type Change, moveBooking } from "./booking_moves.ts";
import { canMove } from "./booking_status.ts";
import { commit, type Db } from "./client.ts";
import { mailToClient } from "./emails.ts";
import { voidAll } from "./payment_settlement.ts";
import { holdsMoney } from "./payment_status.ts";
import { Problem } from "./problem.ts";

/** How long an approval that the clock made may be taken back. */
export const UNDO_WITHIN = 86_400_000;

type Approved = Pick<BookingFile, "booking" | "events" | "payments">;

/** Whether an admin may take the approval of this booking back at `now`. */
export const mayRevoke = (file: Approved, now: number): boolean =>
  canMove(file.booking.status, "revoke", "admin") && whyNotRevoked(file, now) === null;

/**
 * Takes back what the clock approved, so that a person prices the booking: it does not approve itself again, what
 * the client has begun to pay is ended, and the client is told why. Throws `conflict` 24 hours later, where a
 * person approved, and while money is on its way.
 */
export async function revokeApproval(db: Db, file: Approved, change: Change & { note: string }) {
  const set = { priceMinor: null, approvalNote: null, payBy: null, autoApproveAt: null };
  const moved = moveBooking(db, file.booking, { ...change, move: "revoke", set });
  const refusal = whyNotRevoked(file, change.now);
  if (refusal) throw new Problem("conflict", refusal);
  await commit(db, [
    ...moved.statements,
    voidAll(db, file.booking, change.now),
    mailToClient(db, moved.booking, {
      template: "approval_revoked",
      now: change.now,
      params: { reason: change.note },
    }),
  ]);
  return { booking: moved.booking, event: moved.event };
}

function whyNotRevoked({ events, payments }: Approved, now: number): string | null {
  const approval = events.findLast(({ move }) => move === "approve");
  if (approval?.actorKind !== "clock") {
    return "This booking was approved by a person. Cancel it, or agree on a change in writing.";
  }
  if (now >= approval.at + UNDO_WITHIN) {
    return "This booking approved itself more than 24 hours ago, so the client may rely on it.";
  }
  if (payments.some(holdsMoney)) {
    return "A payment of this booking is being checked, so its approval stands for now.";
  }
  return null;
}
