import { type Context, Hono } from "hono";
import { z } from "zod";
import { mayPay } from "../db/payment_finders.ts";
import { notFound } from "../db/problem.ts";
import { announceTransfer, startPayment } from "../db/payments.ts";
import type { Gateway } from "../jobs/gateways/gateway.ts";
import { emptyForm, type FormState } from "../views/form.tsx";
import { ChoicePage, ChoicePanel } from "../views/payment_choices.tsx";
import { PaymentPage, PaymentPanel } from "../views/payment_progress.tsx";
import type { Env } from "./context.ts";
import { accountDoor, type Door, orAsItStands, standingOf, type Visit } from "./doors.ts";
import { form, written } from "./forms.ts";
import { goTo, respond, wantsPart } from "./respond.ts";

const chooseOne = "Choose one of the ways to pay.";
const loadAgain = "This page is too old. Load it again.";
const choice = z.object({
  method: z.string(chooseOne).trim().min(1, chooseOne),
  network: z.enum(["evm", "tron"], "Choose one of the networks.").optional(),
  idempotency_key: z.string(loadAgain).trim().max(100, loadAgain).optional(),
});
const proof = z.object({
  note: z.string("Write one note.").transform(written)
    .pipe(z.string().max(2000, "Write at most 2,000 characters.")).optional(),
});

/** Paying for one booking: choose a way, follow the attempt, say that a transfer is sent. */
export function paymentRoutesFor(door: Door) {
  const wrongChoice = (c: Context<Env>, state: FormState) =>
    showChoice(c, door, { form: state, status: 422 });
  const wrongProof = (c: Context<Env>, state: FormState) =>
    showPayment(c, door, { form: state, status: 422 });

  return new Hono<Env>()
    .get("/payment", (c) => showChoice(c, door))
    .post("/payments", form(choice, wrongChoice), async (c) => {
      const { method, idempotency_key } = c.req.valid("form");
      const gateway = c.var.gateways.find((gateway) => gateway.method === method);
      if (!gateway) return wrongChoice(c, { values: {}, errors: { method: chooseOne } });
      const visit = await door(c);
      return await orAsItStands(
        () => begin(c, visit, { gateway, idempotencyKey: idempotency_key || crypto.randomUUID() }),
        (problem) => showChoice(c, door, { problem, status: 409 }),
      );
    })
    .get("/payments/:id", (c) => showPayment(c, door))
    .post("/payments/:id/proof", form(proof, wrongProof), async (c) => {
      const { note = "" } = c.req.valid("form");
      const visit = await door(c);
      const payment = paymentOf(c, visit);
      return await orAsItStands(async () => {
        await announceTransfer(c.var.db, payment, { note, now: c.var.now });
        return goTo(c, `${visit.base}/payments/${payment.id}`);
      }, (problem) => showPayment(c, door, { problem, status: 409 }));
    });
}

type Beginning = { gateway: Gateway; idempotencyKey: string };

async function begin(c: Context<Env>, visit: Visit, { gateway, idempotencyKey }: Beginning) {
  const { db, now } = c.var;
  const { file: { booking, payments }, actor, base } = visit;
  const payment = await startPayment(db, booking, {
    ...{ actor, now, method: gateway.method, payments, idempotencyKey },
    opens: (payment) => gateway.opens(payment, now),
  });
  const outside = await gateway.start?.(
    payment,
    booking,
    `${c.var.site.url}${base}/payments/${payment.id}`,
  );
  return goTo(c, outside ? outside.url : `${base}/payments/${payment.id}`);
}

export const paymentRoutes = paymentRoutesFor(accountDoor);

type Shown = { form?: FormState; problem?: string; status?: 200 | 409 | 422 };

async function showChoice(c: Context<Env>, door: Door, { status, ...shown }: Shown = {}) {
  const visit = await door(c);
  const { file, who } = visit;
  const props = {
    ...stageOf(c, visit, shown),
    choices: c.var.gateways,
    mayPay: mayPay(file),
    latest: file.payments[0] ?? null,
    idempotencyKey: shown.form?.values.idempotency_key || crypto.randomUUID(),
  };
  const page = () => <ChoicePage {...props} site={c.var.site} who={who} />;
  return respond(c, { page, part: () => <ChoicePanel {...props} /> }, status);
}

async function showPayment(c: Context<Env>, door: Door, { status, ...shown }: Shown = {}) {
  const visit = await door(c);
  const payment = paymentOf(c, visit);
  if (wantsPart(c) && c.req.query("seen") === payment.status) return c.body(null, 204);
  const gateway = c.var.gateways.find((gateway) => gateway.method === payment.method);
  const instructions = gateway?.instructions?.(payment, visit.file.booking) ?? [];
  const props = { ...stageOf(c, visit, shown), payment, instructions };
  const page = () => <PaymentPage {...props} site={c.var.site} who={visit.who} />;
  return respond(c, { page, part: () => <PaymentPanel {...props} /> }, status);
}

/** What every page about a booking's money needs to know. */
function stageOf(c: Context<Env>, visit: Visit, { form = emptyForm, problem }: Shown) {
  const { now, site } = c.var;
  return { ...standingOf(visit), form, problem, now, zone: site.agency.timezone };
}

function paymentOf(c: Context<Env>, { file }: Visit) {
  const payment = file.payments.find((payment) => payment.id === c.req.param("id"));
  if (!payment) throw notFound();
  return payment;
}
