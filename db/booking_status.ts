import { Problem } from "./problem.ts";

export const statuses = [
  "pending",
  "approved",
  "payment_pending",
  "paid",
  "in_progress",
  "completed",
  "rejected",
  "cancelled",
  "expired",
] as const;
export type Status = typeof statuses[number];

export const actorKinds = ["client", "admin", "provider", "clock"] as const;
export type ActorKind = typeof actorKinds[number];

/** One row per thing that may happen to a booking. README's diagram shows the same rows. */
export const moveTable = [
  { move: "submit", from: null, to: "pending", who: ["client"] },
  { move: "approve", from: "pending", to: "approved", who: ["admin", "clock"] },
  { move: "reject", from: "pending", to: "rejected", who: ["admin"] },
  { move: "hold", from: "pending", to: "pending", who: ["admin"] },
  { move: "release", from: "pending", to: "pending", who: ["admin"] },
  { move: "cancel", from: "pending", to: "cancelled", who: ["client", "admin"] },
  { move: "start_payment", from: "approved", to: "payment_pending", who: ["client"] },
  { move: "cancel", from: "approved", to: "cancelled", who: ["client", "admin"] },
  { move: "expire", from: "approved", to: "expired", who: ["clock"] },
  { move: "confirm_payment", from: "approved", to: "paid", who: ["admin"] },
  { move: "start_payment", from: "payment_pending", to: "payment_pending", who: ["client"] },
  { move: "confirm_payment", from: "payment_pending", to: "paid", who: ["provider", "admin"] },
  {
    move: "fail_payment",
    from: "payment_pending",
    to: "approved",
    who: ["provider", "admin", "clock"],
  },
  { move: "cancel", from: "payment_pending", to: "cancelled", who: ["client", "admin"] },
  { move: "start", from: "paid", to: "in_progress", who: ["client", "admin"] },
  { move: "cancel", from: "paid", to: "cancelled", who: ["admin"] },
  { move: "complete", from: "in_progress", to: "completed", who: ["admin"] },
  { move: "cancel", from: "in_progress", to: "cancelled", who: ["admin"] },
  { move: "reopen", from: "completed", to: "in_progress", who: ["admin"] },
  { move: "reinstate", from: "expired", to: "approved", who: ["admin"] },
  { move: "revoke", from: "approved", to: "pending", who: ["admin"] },
  { move: "revoke", from: "payment_pending", to: "pending", who: ["admin"] },
  { move: "undo", from: "approved", to: "pending", who: ["admin"] },
  { move: "undo", from: "rejected", to: "pending", who: ["admin"] },
] as const satisfies readonly Row[];

type Row = { move: string; from: Status | null; to: Status; who: readonly ActorKind[] };
export type Move = typeof moveTable[number]["move"];
export const moves = [...new Set(moveTable.map((row) => row.move))];

const rowFor = (status: Status | null, move: Move, actor: ActorKind) =>
  moveTable.find((row) =>
    row.move === move && row.from === status && (row.who as readonly ActorKind[]).includes(actor)
  );

export function canMove(status: Status | null, move: Move, actor: ActorKind): boolean {
  return rowFor(status, move, actor) !== undefined;
}

/** The moves `actor` may make from `status`: which buttons to draw. */
export function movesFor(status: Status, actor: ActorKind): Move[] {
  return moves.filter((move) => canMove(status, move, actor));
}

/** The status after `move`. Throws `conflict` when the table has no such row. */
export function statusAfter(status: Status | null, move: Move, actor: ActorKind): Status {
  const row = rowFor(status, move, actor);
  if (row) return row.to;
  const state = (status ?? "new").replace("_", " ");
  throw new Problem("conflict", `This booking is ${state} now, so that is not possible any more.`);
}
