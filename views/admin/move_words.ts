import type { Move } from "../../db/booking_status.ts";

const words: Record<Move, string> = {
  submit: "Booked",
  approve: "Approved",
  reject: "Rejected",
  hold: "Put on hold",
  release: "Released",
  cancel: "Cancelled",
  start_payment: "Payment begun",
  expire: "Expired",
  confirm_payment: "Paid",
  fail_payment: "Payment failed",
  start: "Work started",
  complete: "Completed",
  reopen: "Reopened",
  reinstate: "Reinstated",
  revoke: "Approval taken back",
  undo: "Decision taken back",
};

/** What happened, as the history says it. */
export const moveWord = (move: string) => words[move as Move] ?? move;
