import { type Context, Hono } from "hono";
import { z } from "zod";
import { findTransfer } from "../../db/chain_transfers.ts";
import { findTarget } from "../../db/payment_targets.ts";
import { networks } from "../../db/schema.ts";
import { assignTransfer, dismissTransfer } from "../../db/transfer_reviews.ts";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo } from "../respond.ts";
import { showPayments } from "./payment_page.tsx";

const again = "Load this page again.";
const key = z.object({
  network: z.enum(networks, again),
  tx: z.string(again).trim().min(1, again).max(100, again),
  log_index: z.coerce.number(again).int(again).min(0, again),
});
const missing = "Write the booking's reference.";
const target = key.extend({ reference: z.string(missing).trim().min(1, missing).max(40, missing) });

const wrong = (c: Context<Env>, state: FormState) =>
  showPayments(c, { notice: Object.values(state.errors).join(" "), status: 422 });

/** USDT that came for nobody: given to a booking, or set aside. */
export const transferRoutes = new Hono<Env>()
  .use(allowed("payments"))
  .post("/assignment", form(target, wrong), (c) => {
    const sent = c.req.valid("form");
    const { db, viewer } = c.var;
    return decide(c, async () => {
      const [by, transfer, { payment }] = await Promise.all([
        byWhom(c),
        findTransfer(db, keyOf(sent)),
        findTarget(db, viewer, { typed: sent.reference, method: "usdt" }),
      ]);
      await assignTransfer(db, transfer, payment, by);
    });
  })
  .post("/dismissal", form(key, wrong), (c) => {
    const sent = c.req.valid("form");
    const { db } = c.var;
    return decide(c, async () => {
      const [by, transfer] = await Promise.all([byWhom(c), findTransfer(db, keyOf(sent))]);
      await dismissTransfer(db, transfer, by);
    });
  });

const keyOf = ({ network, tx, log_index: logIndex }: z.infer<typeof key>) => ({
  ...{ network, tx, logIndex },
});

async function decide(c: Context<Env>, work: () => Promise<void>) {
  const asItStands = (notice: string) => showPayments(c, { notice, status: 409 });
  const run = async () => {
    await work();
    return goTo(c, "/admin/payments");
  };
  return await orInvalid({}, () => orAsItStands(run, asItStands), (state) => wrong(c, state));
}
