import type { Context } from "hono";
import type { BookingFile } from "../db/booking_finders.ts";
import { listTransfersOf } from "../db/chain_transfers.ts";
import { mayPay } from "../db/payment_finders.ts";
import { dueOf } from "../db/payment_status.ts";
import { notFound } from "../db/problem.ts";
import type { Gateway } from "../jobs/gateways/gateway.ts";
import { networkName, quoteFacts } from "../jobs/gateways/usdt_networks.ts";
import { emptyForm, type FormState } from "../views/form.tsx";
import { ChoicePage, ChoicePanel } from "../views/payment_choices.tsx";
import { seenMark } from "../views/payment_asks.tsx";
import { PaymentPage, PaymentPanel } from "../views/payment_progress.tsx";
import type { Env } from "./context.ts";
import { type Door, standingOf, type Visit } from "./doors.ts";
import { asksOf } from "./payment_checks.ts";
import { respond, wantsPart } from "./respond.ts";

export type Shown = { form?: FormState; problem?: string; status?: 200 | 409 | 422 | 503 };

/** The ways to pay, or why there is nothing to pay. */
export async function showChoice(c: Context<Env>, door: Door, { status, ...shown }: Shown = {}) {
  const visit = await door(c);
  const { file, who } = visit;
  const props = {
    ...stageOf(c, visit, shown),
    choices: c.var.gateways.map((gateway) => choiceOf(c, gateway)),
    ...{ mayPay: mayPay(file), due: leftToPay(file) },
    latest: file.payments[0] ?? null,
    idempotencyKey: shown.form?.values.idempotency_key || crypto.randomUUID(),
  };
  const page = () => <ChoicePage {...props} site={c.var.site} who={who} />;
  return respond(c, { page, part: () => <ChoicePanel {...props} /> }, status);
}

const leftToPay = (file: BookingFile) =>
  mayPay(file) ? dueOf(file.booking, file.payments) : file.booking.priceMinor;

/** A method as the client chooses it, its networks by their names. */
function choiceOf(c: Context<Env>, { method, name, about, networks = [] }: Gateway) {
  const { usdt } = c.var.config;
  const named = usdt ? networks.map((value) => ({ value, name: networkName(usdt, value) })) : [];
  return { method, name, about, networks: named };
}

/** One attempt: what to do, and how it stands. */
export async function showPayment(c: Context<Env>, door: Door, { status, ...shown }: Shown = {}) {
  const { usdt } = c.var.config;
  const id = c.req.param("id") ?? "";
  const [visit, transfers] = await Promise.all([
    door(c),
    usdt ? listTransfersOf(c.var.db, id) : [],
  ]);
  const payment = paymentOf(c, visit);
  const { booking, refunds, receipts } = visit.file;
  const gateway = c.var.gateways.find((gateway) => gateway.method === payment.method);
  const facts = usdt && payment.method === "usdt" ? quoteFacts(usdt, payment) : null;
  const props = {
    ...{ ...stageOf(c, visit, shown), payment },
    instructions: gateway?.instructions?.(payment, booking) ?? [],
    code: gateway?.code?.(payment, booking) ?? null,
    usdt: facts && { facts, transfer: transfers[0] ?? null },
    refunds: refunds.filter(({ paymentId }) => paymentId === payment.id),
    receipts: receipts.filter(({ paymentId }) => paymentId === payment.id),
    ...{ asks: asksOf(c, payment), idempotencyKey: crypto.randomUUID() },
  };
  if (wantsPart(c) && c.req.query("seen") === seenMark(props)) return c.body(null, 204);
  const page = () => <PaymentPage {...props} site={c.var.site} who={visit.who} />;
  return respond(c, { page, part: () => <PaymentPanel {...props} /> }, status);
}

/** What every page about a booking's money needs to know. */
function stageOf(c: Context<Env>, visit: Visit, { form = emptyForm, problem }: Shown) {
  const { now, site } = c.var;
  return { ...standingOf(visit), form, problem, now, zone: site.agency.timezone };
}

/** The attempt that the address names. Throws `not_found`. */
export function paymentOf(c: Context<Env>, { file }: Visit) {
  const payment = file.payments.find((payment) => payment.id === c.req.param("id"));
  if (!payment) throw notFound();
  return payment;
}
