export type ProblemCode =
  | "invalid"
  | "unauthenticated"
  | "unproven"
  | "forbidden"
  | "not_found"
  | "gone"
  | "conflict"
  | "too_large"
  | "too_many"
  | "unavailable";

/** The only error whose message a user may read. Routes turn the code into a status. */
export class Problem extends Error {
  /** `field` names what to mend in a form; `retryAfter` is in seconds. */
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly field?: string,
    readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "Problem";
  }
}

/** What everybody reads where there is nothing, or nothing that is theirs. */
export const notFound = () =>
  new Problem("not_found", "There is no such page, or it is not yours to see.");

/** Whether `error` is a Problem, of one kind if `code` is given. */
export function isProblem(error: unknown, code?: ProblemCode): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}
