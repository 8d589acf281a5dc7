import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { Change } from "../../db/booking_moves.ts";
import { findRefundFile, findRefundFor } from "../../db/refund_finders.ts";
import { giveUpRefund, proveRefund } from "../../db/refund_proofs.ts";
import type { DueRefund } from "../../db/refund_results.ts";
import { requestRefund } from "../../db/refunds.ts";
import type { Payment } from "../../db/payments.ts";
import type { RefundsProps } from "../../views/admin/refund_list.tsx";
import { RefundPage, RefundPanel } from "../../views/admin/refunds.tsx";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { form, oneLine, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";
import { amountField, amountIn } from "./amounts.ts";
import { reasonField } from "./decision_fields.ts";
import { refundableOf } from "./refundables.ts";

const loadAgain = "Load this page again.";
const order = z.object({
  amount: amountField("Write the amount to send back."),
  reason: reasonField,
  by_hand: z.literal("yes", loadAgain).optional(),
  idempotency_key: z.string(loadAgain).min(1, loadAgain).max(100, loadAgain).optional(),
  view: z.enum(["list", "page"]).optional().catch(undefined),
});
const missing = "Write where it is found.";
const proof = z.object({
  reference: z.string(missing).transform(oneLine)
    .pipe(z.string().min(1, missing).max(140, "Write at most 140 characters.")),
});
const failure = z.object({ reason: reasonField });

const wrongOrder = (c: Context<Env>, form: FormState) => show(c, idOf(c), { form, status: 422 });

/** The refunds of one payment. Sending money back asks for a fresh proof. */
export const paymentRefundRoutes = new Hono<Env>()
  .use("/:id/refund", allowed("payments"), freshlyProven)
  .get("/:id/refund", (c) => show(c, idOf(c)))
  .post("/:id/refund", form(order, wrongOrder), async (c) => {
    const { db, viewer } = c.var;
    const sent = c.req.valid("form");
    const [by, file] = await Promise.all([byWhom(c), findRefundFile(db, viewer, idOf(c))]);
    const work = async () => {
      await requestRefund(db, file, {
        ...{ ...by, reason: sent.reason, byHand: sent.by_hand === "yes" },
        amountMinor: amountIn(sent, "amount", file.payment.currency),
        idempotencyKey: sent.idempotency_key ?? crypto.randomUUID(),
      });
      return goTo(c, leadsTo(sent.view, file));
    };
    return await orInvalid(
      sent,
      () => orConflict(c, file.payment.id, work),
      (state) => wrongOrder(c, state),
    );
  });

/** What an admin did about a refund that no provider carries out. */
export const refundRoutes = new Hono<Env>()
  .use(allowed("payments"))
  .post("/:id/proof", form(proof, wrongEnd), async (c) => {
    const { reference } = c.req.valid("form");
    return await end(c, (due, by) => proveRefund(c.var.db, due, { ...by, reference }));
  })
  .post("/:id/failure", form(failure, wrongEnd), async (c) => {
    const { reason } = c.req.valid("form");
    return await end(c, (due, by) => giveUpRefund(c.var.db, due, { ...by, note: reason }));
  });

const idOf = (c: Context<Env>) => c.req.param("id") ?? "";
const pageOf = (payment: Payment) => `/admin/payments/${payment.id}/refund`;

function leadsTo(
  view: "list" | "page" | undefined,
  { payment, booking }: Pick<DueRefund, "payment" | "booking">,
) {
  if (view === "list") return "/admin/payments";
  return view === "page" ? `/admin/bookings/${booking.reference}` : pageOf(payment);
}

async function end(c: Context<Env>, work: (due: DueRefund, by: Change) => Promise<void>) {
  const { db, viewer } = c.var;
  const [by, due] = await Promise.all([byWhom(c), findRefundFor(db, viewer, idOf(c))]);
  return await orConflict(c, due.payment.id, async () => {
    await work(due, by);
    return goTo(c, `/admin/bookings/${due.booking.reference}`);
  });
}

/** The form of one refund again; where that is decided, the page as it stands. */
async function wrongEnd(c: Context<Env>, state: FormState) {
  const [, due] = await Promise.all([
    c.var.person,
    findRefundFor(c.var.db, c.var.viewer, idOf(c)),
  ]);
  const action = c.req.path.endsWith("/proof") ? "proof" as const : "failure" as const;
  const wrong = { id: due.refund.id, action, form: state };
  return await show(c, due.payment.id, { wrong, status: 422 });
}

const orConflict = (c: Context<Env>, paymentId: string, work: () => Promise<Response>) =>
  orAsItStands(work, (notice) => show(c, paymentId, { notice, status: 409 }));

type Shown = {
  form?: FormState;
  wrong?: RefundsProps["wrong"];
  notice?: string;
  status?: ContentfulStatusCode;
};

async function show(c: Context<Env>, paymentId: string, { status, ...shown }: Shown = {}) {
  const { db, viewer, site, now } = c.var;
  const [who, file] = await Promise.all([c.var.person, findRefundFile(db, viewer, paymentId)]);
  const { payment, booking, refunds } = file;
  const of = refundableOf(payment, { idempotencyKey: shown.form?.values.idempotency_key });
  const props = {
    payment,
    booking,
    refunds,
    of,
    decides: true,
    ...shown,
    now,
    zone: site.agency.timezone,
  };
  return respond(c, {
    page: () => <RefundPage {...props} site={site} who={who} />,
    part: () => <RefundPanel {...props} />,
  }, status);
}
