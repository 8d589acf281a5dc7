import { type Context, Hono } from "hono";
import { z } from "zod";
import { isProblem } from "../../db/problem.ts";
import { findProver, type Prover } from "../../db/proofs.ts";
import { noticeOfCodes } from "../../db/sign_in_alarms.ts";
import { CodePage } from "../../views/confirmations.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { type Challenge, dropChallenge, readChallenge } from "../challenges.ts";
import { codeOf } from "../codes.ts";
import type { Env } from "../context.ts";
import { codeField, ownPath } from "../credentials.ts";
import { form } from "../forms.ts";
import { challengeLimit, codeLimit, limit } from "../limits.ts";
import { goTo, respond } from "../respond.ts";
import { enter, recordFailure } from "../sign_in.tsx";

const signInCode = z.object({ code: codeField });
const wrongCode = "This code is not right, or it was used before. Wait for the next one.";
const tooOften = "That was the fifth wrong code. Go back and sign in again.";

/** The second half of an admin's sign-in: the first has left a challenge in this browser. */
export const signInCodeRoutes = new Hono<Env>()
  .get("/", (c) => codePage(c, emptyForm))
  .post("/", form(signInCode, codePage), async (c) => {
    const challenge = await readChallenge(c);
    if (!challenge) return goTo(c, "/admin/sign-in");
    const { code } = c.req.valid("form");
    const tries = [challengeLimit(challenge.name), codeLimit(challenge.account)];
    const [prover, [standing]] = await Promise.all([
      findProver(c.var.db, challenge.id, code),
      limit(c, tries),
    ]);
    if (prover && await enterWith(c, { prover, challenge, code })) {
      dropChallenge(c);
      return goTo(c, ownPath(challenge.next, "/admin"));
    }
    return await refuse(c, prover, standing?.left ?? 0);
  });

/** Opens the session if the code is right, also when somebody else is using it this moment. */
async function enterWith(
  c: Context<Env>,
  of: { prover: Prover; challenge: Challenge; code: string },
): Promise<boolean> {
  const { prover, challenge } = of;
  const code = await codeOf(c, prover, of.code);
  if (!code) return false;
  try {
    const tries = [codeLimit(challenge.account)];
    await enter(c, { kind: "admin", account: prover.admin, tries, code });
    return true;
  } catch (error) {
    if (isProblem(error, "conflict")) return false;
    throw error;
  }
}

async function refuse(c: Context<Env>, prover: Prover | undefined, left: number) {
  const admin = prover?.admin;
  const alarm = left === 0 && admin ? [noticeOfCodes(admin.id, c.var.now)] : [];
  await recordFailure(c, "admin", admin, { action: "code_refused", also: alarm });
  if (alarm.length > 0) c.var.nudge();
  if (left > 0) return codePage(c, { values: {}, errors: { code: wrongCode } });
  dropChallenge(c);
  return showPage(c, { values: {}, errors: { form: tooOften } });
}

async function codePage(c: Context<Env>, state: FormState) {
  if (!await readChallenge(c)) return goTo(c, "/admin/sign-in");
  return showPage(c, state);
}

function showPage(c: Context<Env>, state: FormState) {
  const page = () => <CodePage site={c.var.site} form={state} />;
  return respond(c, { page }, state === emptyForm ? 200 : 422);
}
