import { createMiddleware } from "hono/factory";
import { may, type Permission } from "../db/permissions.ts";
import { Problem } from "../db/problem.ts";
import type { Person } from "../db/sessions.ts";
import type { Env } from "./context.ts";

/**
 * Lets through only whom `check` does not refuse. Costs no trip of its own: from here on `c.var.person` says no,
 * and whatever writes awaits that.
 */
export const onlyWhom = (check: (person: Person, now: number) => Person) =>
  createMiddleware<Env>(async (c, next) => {
    const person = c.var.person.then((person) => check(person, c.var.now));
    person.catch(() => {});
    c.set("person", person);
    await next();
    const refusal = await person.then(() => undefined, (error) => error);
    // What the handler ran into by awaiting it is answered and logged already.
    if (refusal !== undefined && refusal !== c.error) throw refusal;
  });

/** Lets through only whom their role allows `what`. */
export const allowed = (what: Permission) => onlyWhom((person) => assertMay(person, what));

/** Whether somebody may do `what`: so pages offer nothing that would be refused. */
export const permits = (person: Person, what: Permission): boolean =>
  person.kind === "admin" && may(person.role, what);

/** Throws `forbidden` where somebody's role does not allow `what`. */
export function assertMay(person: Person, what: Permission): Person {
  if (permits(person, what)) return person;
  throw new Problem("forbidden", "Your role does not include this. Ask an owner to do it.");
}
