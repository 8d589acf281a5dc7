import { type Context, Hono } from "hono";
import { z } from "zod";
import type { By } from "../../db/audit.ts";
import { endDispute } from "../../db/payment_disputes.ts";
import { askForRest } from "../../db/payment_parts.ts";
import { acceptPayment } from "../../db/payment_repairs.ts";
import { confirmPayment, refusePayment } from "../../db/payment_reviews.ts";
import { assertConfirmable } from "../../db/payment_status.ts";
import { findRefundFile } from "../../db/refund_finders.ts";
import type { RefundFile } from "../../db/refunds.ts";
import { repairs, repairsFor } from "../../db/repair_choices.ts";
import { findProofFor } from "../../db/stored_files.ts";
import type { Decision } from "../../views/admin/payment_forms.tsx";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { download } from "../files.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo } from "../respond.ts";
import { amountField, amountIn, receivedOnField, receivedOnIn } from "./amounts.ts";
import { showBooking } from "./booking_boxes.tsx";
import { reasonField, statementField } from "./decision_fields.ts";
import { type PaymentsShown, showPayments } from "./payment_page.tsx";

const plain = z.object({ view: z.enum(["list", "page"]).catch("list") });
const confirmation = plain.extend({
  amount: amountField("Write the amount that came."),
  received_on: receivedOnField,
  reference: statementField,
});
const reasoned = plain.extend({ reason: reasonField });

/** What an admin decides with a reason alone. */
const decisions = {
  refusal: refusePayment,
  acceptance: acceptPayment,
  rest: askForRest,
  dispute: endDispute,
};

/** The payments, and what a person decides about one. */
export const adminPaymentRoutes = new Hono<Env>()
  .get("/", (c) => showPayments(c))
  .get("/:id/proof", async (c) => {
    const { db, viewer, person } = c.var;
    const [, file] = await Promise.all([person, findProofFor(db, viewer, c.req.param("id"))]);
    return download(c, file);
  })
  .post("/:id/confirmation", allowed("payments"), form(confirmation, mend), async (c) => {
    const sent = c.req.valid("form");
    const { reference } = sent;
    return await decide(c, sent, async (file, by) => {
      const amountMinor = amountIn(sent, "amount", file.payment.currency);
      const receivedOn = receivedOnIn(sent, c.var.now);
      const receipt = { amountMinor, receivedOn, reference: reference || undefined };
      await confirmPayment(c.var.db, file, { ...by, ...receipt });
    });
  });

for (const [name, decision] of Object.entries(decisions)) {
  adminPaymentRoutes.post(
    `/:id/${name}`,
    allowed("payments"),
    form(reasoned, mend),
    async (c) => {
      const sent = c.req.valid("form");
      const note = sent.reason;
      return await decide(c, sent, (file, by) => decision(c.var.db, file, { ...by, note }));
    },
  );
}

type Sent = z.infer<typeof plain>;

const decisionIn = (c: Context<Env>) => c.req.path.split("/").at(-1) as Decision;

/** Reads the payment, decides it and leads back to where the form was. */
async function decide(
  c: Context<Env>,
  sent: Sent,
  run: (file: RefundFile, by: By) => Promise<void>,
) {
  const [by, file] = await Promise.all([byWhom(c), readPayment(c)]);
  const work = async () => {
    await run(file, by);
    return goTo(c, sent.view === "page" ? pageOf(file) : "/admin/payments");
  };
  return await orInvalid(sent, () => orConflict(c, sent, work), (state) => mend(c, state));
}

const orConflict = (c: Context<Env>, { view }: Sent, work: () => Promise<Response>) =>
  orAsItStands(work, (notice) => showAgain(c, { view, notice, status: 409 }));

const readPayment = (c: Context<Env>) =>
  findRefundFile(c.var.db, c.var.viewer, c.req.param("id") ?? "");
const pageOf = ({ booking }: RefundFile) => `/admin/bookings/${booking.reference}`;

/** The same form again, with what was typed and what to mend; a decided payment has no form any more. */
function mend(c: Context<Env>, state: FormState) {
  const { view } = plain.parse({ view: state.values.view });
  const action = decisionIn(c);
  return orConflict(c, { view }, async () => {
    const [, file] = await Promise.all([c.var.person, readPayment(c)]);
    const repair = repairs.find((repair) => repair === action);
    if (!repair || !repairsFor(file).includes(repair)) assertConfirmable(file.payment);
    return await showAgain(c, { view, wrong: { action, form: state }, status: 422 });
  });
}

async function showAgain(c: Context<Env>, { view, ...shown }: PaymentsShown & Sent) {
  if (view === "list") return await showPayments(c, shown);
  const [, { booking }] = await Promise.all([c.var.person, readPayment(c)]);
  return await showBooking(c, booking.reference, {
    status: shown.status,
    trouble: shown.notice ? { notice: shown.notice } : undefined,
    wrongPayment: { id: c.req.param("id") ?? "", wrong: shown.wrong },
  });
}
