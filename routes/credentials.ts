import type { Context } from "hono";
import { z } from "zod";
import { lengthProblem, type PasswordOwner, passwordProblem } from "../db/password_rules.ts";
import { Problem } from "../db/problem.ts";
import type { Env } from "./context.ts";
import { oneLine } from "./forms.ts";

export const emailField = z.string("Write your e-mail address.").trim().toLowerCase()
  .pipe(z.email("Write an address like name@example.com.").max(254, "That address is too long."));
export const nameField = z.string("Write your name.").transform(oneLine).pipe(
  z.string().min(1, "Write your name.").max(100, "A name may have 100 characters."),
);
/** As typed: nothing is trimmed from a password. */
export const newPasswordField = z.string("Choose a password.").superRefine((password, check) => {
  const message = lengthProblem(password);
  if (message) check.addIssue({ code: "custom", message });
});

/** The hash of a password that `owner` chose. Throws `invalid` for one that would be guessed first. */
export async function hashChosen(
  c: Context<Env>,
  password: string,
  owner: Omit<PasswordOwner, "agency">,
): Promise<string> {
  const problem = await passwordProblem(password, { ...owner, agency: c.var.site.agency.name });
  if (problem) throw new Problem("invalid", problem, "password");
  return await c.var.passwords.hash(password);
}

/** A code of an authenticator app, or a recovery code with its lines. */
export const codeField = z.string("Write the code.").trim().min(1, "Write the code.")
  .max(40, "A code is shorter than that.");

export const signInForm = z.object({
  email: z.string().trim().toLowerCase().max(254),
  password: z.string().max(1024),
  next: z.string().optional(),
});

/** `next` if it is a path of our own, else `fallback`: nobody is sent to another site. */
export function ownPath(next: string | undefined, fallback: string): string {
  if (!next || !isPlainPath(next)) return fallback;
  const { pathname, search } = new URL(next, "http://own.invalid");
  // Resolved, "/.//evil.example" begins with the two slashes that it hid before.
  return isPlainPath(pathname) ? pathname + search : fallback;
}

const isPlainPath = (path: string) => /^\/(?!\/)[^\\]*$/.test(path) && /^[\x21-\x7e]+$/.test(path);
