import { assertEquals } from "@std/assert";
import { isProblem, type Problem, type ProblemCode } from "../db/problem.ts";

/** Asserts that `work` ends with a Problem of the kind `code`, and returns it. */
export async function assertProblem(work: Promise<unknown>, code: ProblemCode): Promise<Problem> {
  const end = await work.then(() => "no problem", (error: unknown) => error);
  if (!isProblem(end)) throw end instanceof Error ? end : new Error(`${end}, not ${code}`);
  assertEquals(end.code, code);
  return end;
}

/** How many of several attempts at once came through; every other one must have been told `conflict`. */
export async function winnersOf(attempts: Promise<unknown>[]): Promise<number> {
  const ends = await Promise.allSettled(attempts);
  const lost = ends.filter((end) => end.status === "rejected");
  for (const { reason } of lost) if (!isProblem(reason, "conflict")) throw reason;
  return ends.length - lost.length;
}
