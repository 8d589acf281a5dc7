import { type Context, Hono } from "hono";
import { z } from "zod";
import { hintTransaction } from "../db/payment_pages.ts";
import { announceTransfer, type Payment } from "../db/payments.ts";
import { findProofFor } from "../db/stored_files.ts";
import type { FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";
import { type Door, orAsItStands, type Visit } from "./doors.ts";
import { download } from "./files.ts";
import { form, optionalText, orInvalid } from "./forms.ts";
import { paymentOf, showPayment } from "./payment_pages.tsx";
import { proofFileAt, proofOf } from "./proof_files.ts";
import { goTo } from "./respond.ts";
import type { Upload } from "./upload_forms.ts";

const proof = z.object({
  note: optionalText("Write one note."),
  file: z.unknown().optional(),
  tx_hash: z.string("Write one transaction.").trim().max(200).optional(),
});
type Proof = z.infer<typeof proof>;

/** What the client says and shows of a transfer that they made. */
export function paymentProofsFor(door: Door) {
  const wrong = (c: Context<Env>, state: FormState) =>
    showPayment(c, door, { form: state, status: 422 });
  return new Hono<Env>()
    .get("/payments/:id/proof", async (c) => {
      const visit = await door(c);
      const payment = paymentOf(c, visit);
      return download(c, await findProofFor(c.var.db, visit.viewer, payment.id));
    })
    .post("/payments/:id/proof", proofFileAt(door), form(proof, wrong), async (c) => {
      const sent = c.req.valid("form");
      const visit = await door(c);
      const payment = paymentOf(c, visit);
      const work = async () => {
        await tell(c, { visit, payment, sent, upload: c.var.upload });
        return goTo(c, `${visit.base}/payments/${payment.id}`);
      };
      const asItStands = (problem: string) => showPayment(c, door, { problem, status: 409 });
      const orStale = () => orAsItStands(work, asItStands);
      return await orInvalid(sent, orStale, (state) => wrong(c, state));
    });
}

type Telling = { visit: Visit; payment: Payment; sent: Proof; upload?: Upload };

/** A bank transfer is shown to the admins; of USDT the chain tells, and the client only where to look. */
async function tell(c: Context<Env>, { visit, payment, sent, upload }: Telling) {
  const { db, now } = c.var;
  if (payment.method === "usdt") return await hintTransaction(db, payment, sent.tx_hash);
  const file = proofOf(sent.file, visit.file.payments, upload);
  await announceTransfer(db, payment, { note: sent.note ?? "", file, now });
  if (upload) upload.kept = true;
}
