import { type Context, Hono } from "hono";
import { z } from "zod";
import { isProblem, type Problem } from "../db/problem.ts";
import type { FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";
import { accountDoor, type Door } from "./doors.ts";
import { form, orInvalid } from "./forms.ts";
import { askForReturned, askOnce } from "./payment_checks.ts";
import { paymentOf, showChoice, showPayment } from "./payment_pages.tsx";
import { paymentProofsFor } from "./payment_proofs.ts";
import { beginPayment } from "./payment_starts.ts";
import { goTo, wantsPart } from "./respond.ts";

const chooseOne = "Choose one of the ways to pay.";
const loadAgain = "This page is too old. Load it again.";
const choice = z.object({
  method: z.string(chooseOne).trim().min(1, chooseOne),
  network: z.enum(["evm", "tron"], "Choose one of the networks.").optional(),
  idempotency_key: z.string(loadAgain).trim().max(100, loadAgain).optional(),
});

/** Paying for one booking: choose a way, follow the attempt, say that a transfer is sent. */
export function paymentRoutesFor(door: Door) {
  const wrong = (c: Context<Env>, state: FormState) =>
    showChoice(c, door, { form: state, status: 422 });

  return new Hono<Env>()
    .get("/payment", (c) => showChoice(c, door))
    .post("/payments", form(choice, wrong), async (c) => {
      const sent = c.req.valid("form");
      const { method, network, idempotency_key } = sent;
      const gateway = c.var.gateways.find((gateway) => gateway.method === method);
      if (!gateway) return wrong(c, { values: {}, errors: { method: chooseOne } });
      const visit = await door(c);
      const idempotencyKey = idempotency_key || crypto.randomUUID();
      const begin = () => beginPayment(c, visit, { gateway, network, idempotencyKey });
      const orChoose = () => orChoice(c, door, begin);
      return await orInvalid(sent, orChoose, (state) => wrong(c, state));
    })
    .get("/payments/:id", async (c) => {
      if (c.req.query("returned")) await askForReturned(c, paymentOf(c, await door(c)));
      return await showPayment(c, door);
    })
    .post("/payments/:id/check", async (c) => {
      const visit = await door(c);
      const payment = paymentOf(c, visit);
      await askOnce(c, payment);
      if (wantsPart(c)) return await showPayment(c, door);
      return goTo(c, `${visit.base}/payments/${payment.id}`);
    })
    .route("/", paymentProofsFor(door));
}

/** When nothing can be begun now the client chooses again, and reads why. */
async function orChoice(c: Context<Env>, door: Door, begin: () => Promise<Response>) {
  try {
    return await begin();
  } catch (error) {
    const status = isProblem(error, "conflict") ? 409 : 503;
    if (status === 503 && !isProblem(error, "unavailable")) throw error;
    return await showChoice(c, door, { problem: (error as Problem).message, status });
  }
}

export const paymentRoutes = paymentRoutesFor(accountDoor);
