import type { Status } from "../../../db/booking_status.ts";

type Action = {
  from: Status[];
  to: Status;
  /** The event it writes. */
  move: string;
  fields: Record<string, string>;
  mails?: string[];
  /** What of the fields the history keeps. */
  note?: string;
};

const reason = "The <b>fair</b> was moved.";

/** What an admin may do with a booking, by the last part of its address: written down beside the table of moves. */
export const actions: Record<string, Action> = {
  approval: {
    ...{ from: ["pending"], to: "approved", move: "approve", mails: ["booking_approved"] },
    ...{ fields: { price: "750.00", note: reason }, note: reason },
  },
  rejection: {
    ...{ from: ["pending"], to: "rejected", move: "reject", mails: ["booking_rejected"] },
    ...{ fields: { reason }, note: reason },
  },
  hold: { from: ["pending"], to: "pending", move: "hold", fields: { reason }, note: reason },
  start: { from: ["paid"], to: "in_progress", move: "start", fields: {} },
  completion: {
    ...{ from: ["in_progress"], to: "completed", move: "complete", mails: ["booking_completed"] },
    fields: {},
  },
  cancellation: {
    from: ["pending", "approved", "payment_pending", "paid", "in_progress"],
    ...{ to: "cancelled", move: "cancel", mails: ["booking_cancelled"] },
    ...{ fields: { reason, money: "keep" }, note: reason },
  },
  reopening: {
    ...{ from: ["completed"], to: "in_progress", move: "reopen", fields: { reason } },
    note: reason,
  },
  reinstatement: {
    ...{ from: ["expired"], to: "approved", move: "reinstate", mails: ["booking_approved"] },
    fields: {},
  },
  payments: {
    ...{ from: ["approved", "payment_pending"], to: "paid", move: "confirm_payment" },
    fields: { amount: "750.00", received_on: "2026-03-01", reference: "Cash, receipt 7" },
    mails: ["payment_received", "chat_invitation"],
  },
};

/** What the form of an action sends for a booking as it was read at `version`. */
export const sentAt = (name: string, version: number) => ({
  ...actions[name]?.fields,
  ...(name === "payments" ? { idempotency_key: `paid-elsewhere-${version}` } : {}),
  version: String(version),
});
