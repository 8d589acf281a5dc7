import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { findPaymentFor, listPayments, type PaymentFile } from "../../db/payment_lists.ts";
import { confirmPayment, refusePayment } from "../../db/payment_reviews.ts";
import { assertConfirmable } from "../../db/payments.ts";
import { isProblem } from "../../db/problem.ts";
import { paymentStatuses } from "../../db/schema.ts";
import type { Check } from "../../views/admin/payment_forms.tsx";
import { AdminPaymentsPage, AdminPaymentsPanel } from "../../views/admin/payments.tsx";
import type { FormState } from "../../views/form.tsx";
import { actorOf, type Env } from "../context.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed, permits } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { amountField, amountIn, receivedOnField } from "./amounts.ts";
import { checkOf, showBooking } from "./booking_boxes.tsx";
import { reasonField, statementField } from "./notes.ts";

const query = z.object({
  status: z.enum(paymentStatuses).optional().catch(undefined),
  before: z.string().regex(/^\d{1,15}\.[\w-]{1,40}$/).optional().catch(undefined),
});
const plain = z.object({ view: z.enum(["list", "page"]).catch("list") });
const confirmation = plain.extend({
  amount: amountField("Write the amount that came."),
  received_on: receivedOnField,
  reference: statementField,
});
const refusal = plain.extend({ reason: reasonField });

export const adminPaymentRoutes = new Hono<Env>()
  .get("/", (c) => showPayments(c))
  .post("/:id/confirmation", allowed("payments"), form(confirmation, mend), async (c) => {
    const sent = c.req.valid("form");
    const { received_on: receivedOn, reference } = sent;
    return await decide(c, sent, async ({ payment, booking }, by) => {
      const amountMinor = amountIn(sent, "amount", payment.currency);
      const receipt = { amountMinor, receivedOn, reference: reference || undefined };
      await confirmPayment(c.var.db, { payment, booking }, { ...by, ...receipt });
    });
  })
  .post("/:id/refusal", allowed("payments"), form(refusal, mend), async (c) => {
    const sent = c.req.valid("form");
    return await decide(c, sent, async (file, by) => {
      await refusePayment(c.var.db, file, { ...by, note: sent.reason });
    });
  });

type Sent = z.infer<typeof plain>;
type By = { actor: ReturnType<typeof actorOf>; now: number };

/** Reads the payment, decides it and leads back to where the form was. */
async function decide(
  c: Context<Env>,
  sent: Sent,
  run: (file: PaymentFile, by: By) => Promise<void>,
) {
  const [person, file] = await Promise.all([c.var.person, readPayment(c)]);
  const work = async () => {
    await run(file, { actor: actorOf(person), now: c.var.now });
    return goTo(c, sent.view === "page" ? pageOf(file) : "/admin/payments");
  };
  return await orInvalid(sent, () => orConflict(c, sent, work), (state) => mend(c, state));
}

const readPayment = (c: Context<Env>) =>
  findPaymentFor(c.var.db, c.var.viewer, c.req.param("id") ?? "");
const pageOf = ({ booking }: PaymentFile) => `/admin/bookings/${booking.reference}`;

async function orConflict(c: Context<Env>, { view }: Sent, work: () => Promise<Response>) {
  try {
    return await work();
  } catch (error) {
    if (!isProblem(error, "conflict")) throw error;
    return await showAgain(c, { view, notice: error.message, status: 409 });
  }
}

/** The same form again, with what was typed and what to mend; a decided payment has no form any more. */
function mend(c: Context<Env>, state: FormState) {
  const { view } = plain.parse({ view: state.values.view });
  const action = c.req.path.endsWith("/refusal") ? "refusal" : "confirmation";
  return orConflict(c, { view }, async () => {
    const [, { payment }] = await Promise.all([c.var.person, readPayment(c)]);
    assertConfirmable(payment);
    return await showAgain(c, { view, wrong: { action, form: state }, status: 422 });
  });
}

type Shown = { status?: ContentfulStatusCode; notice?: string; wrong?: Check["wrong"] };

async function showAgain(c: Context<Env>, { view, ...shown }: Shown & Sent) {
  if (view === "list") return await showPayments(c, shown);
  const [, { booking }] = await Promise.all([c.var.person, readPayment(c)]);
  return await showBooking(c, booking.reference, {
    status: shown.status,
    trouble: shown.notice ? { notice: shown.notice } : undefined,
    wrongPayment: { id: c.req.param("id") ?? "", wrong: shown.wrong },
  });
}

async function showPayments(c: Context<Env>, shown: Shown = {}) {
  const { db, viewer, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [updatedAt, id] = asked.before?.split(".") ?? [];
  const before = updatedAt && id ? { updatedAt: Number(updatedAt), id } : undefined;
  const [who, list] = await Promise.all([
    c.var.person,
    listPayments(db, viewer, { status: asked.status, before }),
  ]);
  const decides = permits(who, "payments");
  const row = ({ payment, booking }: PaymentFile) => {
    const wrong = payment.id === c.req.param("id") ? shown.wrong : undefined;
    return { check: { ...checkOf(payment, { view: "list", decides }), wrong }, booking };
  };
  const props = {
    ...{ query: asked, statuses: paymentStatuses, notice: shown.notice },
    ...{ waiting: list.waiting.map(row), rest: list.rest.map(row) },
    next: list.next && `${list.next.updatedAt}.${list.next.id}`,
    ...{ now, zone: site.agency.timezone },
  };
  return respond(c, {
    page: () => <AdminPaymentsPage site={site} who={who} {...props} />,
    part: () => <AdminPaymentsPanel {...props} />,
  }, shown.status);
}
