import { type Context, Hono } from "hono";
import { z } from "zod";
import { isProblem, Problem } from "../db/problem.ts";
import { findProver, type Prover, proveSession } from "../db/proofs.ts";
import { takeBack } from "../db/rate_limits.ts";
import type { Person } from "../db/sessions.ts";
import { ConfirmPage } from "../views/confirmations.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import { type Code, codeOf } from "./codes.ts";
import { actorOf, type Env } from "./context.ts";
import { codeField, ownPath } from "./credentials.ts";
import { form } from "./forms.ts";
import { limit, passwordLimit } from "./limits.ts";
import { onlyWhom } from "./permissions.ts";
import { goTo, respond } from "./respond.ts";
import { recordFailure } from "./sign_in.tsx";

/** How long a proof lasts, in milliseconds. */
const LASTS = 10 * 60_000;

/** Lets through only whoever has proven a moment ago who they are; others are asked for it first. */
export const freshlyProven = onlyWhom(assertProven);

/** Throws `unproven`, which leads to the question, where the last proof is too old. */
export function assertProven(person: Person, now: number): Person {
  if (now - person.provenAt < LASTS) return person;
  throw new Problem("unproven", "Confirm that it is you, then do this again.", "/admin/confirm");
}

const confirmation = z.object({
  password: z.string("Write your password.").min(1, "Write your password.").max(1024),
  code: codeField.optional(),
  next: z.string().optional(),
});
const wrong = "That is not right. Check what you typed and try again.";
const wrongOrUsed = "That is not right, or the code was used before. Try again with the next code.";

/** Asks an admin once more who they are, and leads on to what they wanted to do. */
export const stepUpRoutes = new Hono<Env>()
  .get("/", (c) => confirmPage(c, emptyForm))
  .post("/", form(confirmation, confirmPage), async (c) => {
    const { db, viewer } = c.var;
    const { password, code = "", next } = c.req.valid("form");
    const id = "id" in viewer ? viewer.id : 0;
    const [person, prover] = await Promise.all([
      c.var.person,
      findProver(db, id, code),
      limit(c, [passwordLimit(`admin:${id}`)]),
    ]);
    const proof = await proofOf(c, prover, { password, code });
    if (proof && await keptProof(c, person, proof)) return goTo(c, ownPath(next, "/admin"));
    await recordFailure(c, "admin", prover?.admin, { action: "identity_refused" });
    return confirmPage(c, { values: { next: next ?? "" }, errors: { form: wrongFor(person) } });
  });

/** The password, and the code where a second factor is in force: what both use up; null if either is wrong. */
async function proofOf(
  c: Context<Env>,
  prover: Prover | undefined,
  given: { password: string; code: string },
): Promise<Pick<Code, "uses"> | null> {
  if (!await c.var.passwords.verify(given.password, prover?.admin.passwordHash)) return null;
  const alone = prover?.admin.totpConfirmedAt === null;
  return alone ? { uses: [] } : await codeOf(c, prover, given.code);
}

async function keptProof(c: Context<Env>, person: Person, { uses }: Pick<Code, "uses">) {
  const { db, now } = c.var;
  const tries = takeBack(db, [passwordLimit(`admin:${person.id}`)]);
  const proof = { actor: actorOf(person), now, uses: [...uses, tries] };
  try {
    await proveSession(db, person.sessionId, proof);
    return true;
  } catch (error) {
    if (isProblem(error, "conflict")) return false;
    throw error;
  }
}

const asksCode = (who: Person) => who.kind === "admin" && who.secondFactor;
const wrongFor = (who: Person) => asksCode(who) ? wrongOrUsed : wrong;

async function confirmPage(c: Context<Env>, state: FormState) {
  const who = await c.var.person;
  const next = ownPath(state.values.next ?? c.req.query("next"), "/admin");
  const props = { site: c.var.site, who, form: state, next, asksCode: asksCode(who) };
  return respond(
    c,
    { page: () => <ConfirmPage {...props} /> },
    state === emptyForm ? 200 : 422,
  );
}
