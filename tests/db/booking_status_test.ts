import { assertEquals, assertThrows } from "@std/assert";
import {
  type ActorKind,
  actorKinds,
  canMove,
  type Move,
  moves,
  movesFor,
  type Status,
  statusAfter,
  statuses,
} from "../../db/booking_status.ts";
import { Problem } from "../../db/problem.ts";

/** All that may happen, written down a second time: "status move -> status: who". The rest is illegal. */
const legal = `
  pending approve -> approved: admin clock
  pending reject -> rejected: admin
  pending hold -> pending: admin
  pending release -> pending: admin
  pending cancel -> cancelled: client admin
  approved start_payment -> payment_pending: client
  approved cancel -> cancelled: client admin
  approved expire -> expired: clock
  approved confirm_payment -> paid: admin
  payment_pending start_payment -> payment_pending: client
  payment_pending confirm_payment -> paid: provider admin
  payment_pending fail_payment -> approved: provider admin clock
  payment_pending cancel -> cancelled: client admin
  paid start -> in_progress: client admin
  paid cancel -> cancelled: admin
  in_progress complete -> completed: admin
  in_progress cancel -> cancelled: admin
  completed reopen -> in_progress: admin
  expired reinstate -> approved: admin
  approved revoke -> pending: admin
  payment_pending revoke -> pending: admin
  approved undo -> pending: admin
  rejected undo -> pending: admin
`.trim().split("\n").flatMap((line) => {
  const [, from, move, to, who = ""] = /(\w+) (\w+) -> (\w+): (.*)/.exec(line) ?? [];
  return who.split(" ").map((actor) => ({ from, move, to, actor }));
});

const outcomeOf = (from: Status, move: Move, actor: ActorKind) =>
  legal.find((row) => row.from === from && row.move === move && row.actor === actor)?.to as
    | Status
    | undefined;

const cells = statuses.flatMap((from) =>
  moves.flatMap((move) => actorKinds.map((actor) => ({ from, move, actor })))
);

Deno.test("the table of moves has nine states, sixteen moves and four actors", () => {
  assertEquals([statuses.length, moves.length, actorKinds.length], [9, 16, 4]);
  assertEquals(legal.length, 31);
});

Deno.test("every state, move and actor: canMove() and statusAfter() allow what is legal and nothing else", () => {
  for (const { from, move, actor } of cells) {
    const to = outcomeOf(from, move, actor);
    assertEquals(canMove(from, move, actor), to !== undefined, `${actor}: ${move} from ${from}`);
    if (to) assertEquals(statusAfter(from, move, actor), to);
    else assertEquals(assertThrows(() => statusAfter(from, move, actor), Problem).code, "conflict");
  }
});

Deno.test("movesFor() lists exactly the legal moves of an actor", () => {
  for (const from of statuses) {
    for (const actor of actorKinds) {
      const expected = moves.filter((move) => outcomeOf(from, move, actor));
      assertEquals(movesFor(from, actor), expected, `${actor} at ${from}`);
    }
  }
});

Deno.test("a booking is submitted by a client, and only before it has a state", () => {
  assertEquals(statusAfter(null, "submit", "client"), "pending");
  for (const actor of ["admin", "provider", "clock"] as const) {
    assertEquals(canMove(null, "submit", actor), false);
  }
  for (const status of statuses) assertEquals(canMove(status, "submit", "client"), false);
});

Deno.test("statusAfter() names the present state in words", () => {
  assertThrows(() => statusAfter("in_progress", "approve", "admin"), Problem, "in progress now");
});
