import { zValidator } from "@hono/zod-validator";
import type { Context } from "hono";
import { z, type ZodType } from "zod";
import { isProblem } from "../db/problem.ts";
import type { FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";

type Render = (c: Context<Env>, form: FormState) => Response | Promise<Response>;

/** Checks a posted form; a wrong one is answered by `invalid` with what was typed and what to mend. */
export const form = <Schema extends ZodType>(schema: Schema, invalid: Render) =>
  zValidator("form", schema, async (result, c) => {
    if (result.success) return;
    const state = { values: typed(result.data), errors: errorsOf(result.error.issues) };
    return await invalid(c as unknown as Context<Env>, state);
  });

/** Runs `work`; a rule that names a field is answered like any other wrong field. */
export async function orInvalid<T>(
  values: unknown,
  work: () => Promise<T>,
  invalid: (form: FormState) => Response | Promise<Response>,
): Promise<T | Response> {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "invalid") || !error.field) throw error;
    return await invalid({ values: typed(values), errors: { [error.field]: error.message } });
  }
}

/** Text of several lines as we keep it: browsers send CRLF for what they counted as one letter. */
export const written = (text: string) => text.replaceAll("\0", "").replace(/\r\n?/g, "\n").trim();

/** Text of one line: whatever would break it is a space, in a mail's head above all. */
export const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();

const lines = z.string().max(2000, "Write at most 2,000 characters.");

/** Text that may be left out. */
export const optionalText = (wrong: string) =>
  z.string(wrong).transform(written).pipe(lines).optional();

/** Text that must be there; `missing` asks for it. */
export const requiredText = (missing: string) =>
  z.string(missing).transform(written).pipe(lines.min(1, missing));

/** The number in an address that a list goes on from; nonsense is none. */
export const cursor = z.coerce.number().int().positive().optional().catch(undefined);

/** What was typed, as text: a field that came twice or as a file shows empty. */
export function typed(data: unknown): Record<string, string> {
  const pairs = Object.entries((data ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

type Issue = { path: PropertyKey[]; message: string };

function errorsOf(issues: Issue[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of issues) errors[issue.path.join(".")] ??= issue.message;
  return errors;
}
