import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { openLines, verdictOf } from "../../db/bank_lines.ts";
import { listUnmatchedTransfers } from "../../db/chain_transfers.ts";
import { listPayments, type PaymentFile } from "../../db/payment_lists.ts";
import { listRefundsToMend } from "../../db/refund_finders.ts";
import { paymentMethods, paymentStatuses } from "../../db/schema.ts";
import { usdtText } from "../../db/usdt.ts";
import { networkName } from "../../jobs/gateways/usdt_networks.ts";
import type { Check } from "../../views/admin/payment_forms.tsx";
import { AdminPaymentsPage, AdminPaymentsPanel, type Tasks } from "../../views/admin/payments.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import type { Env } from "../context.ts";
import { permits } from "../permissions.ts";
import { respond } from "../respond.ts";
import { checkOf } from "./booking_boxes.tsx";
import { cursorOf, filterOf, isWhole, readQuery } from "./payment_queries.ts";

export type PaymentsShown = {
  status?: ContentfulStatusCode;
  notice?: string;
  wrong?: Check["wrong"];
  /** What is wrong with a statement, and what could not be confirmed of one. */
  upload?: FormState;
  problems?: string[];
};

/** What needs a person, then all payments. */
export async function showPayments(c: Context<Env>, shown: PaymentsShown = {}) {
  const { db, viewer, now, site } = c.var;
  const zone = site.agency.timezone;
  const asked = readQuery(c.req.query());
  const [who, list, tasks] = await Promise.all([
    c.var.person,
    listPayments(db, viewer, { ...filterOf(asked, zone), before: cursorOf(asked) }),
    isWhole(asked) ? tasksOf(c, shown) : null,
  ]);
  const decides = permits(who, "payments");
  const check = (file: PaymentFile) => ({
    ...checkOf(file, { view: "list", decides }),
    wrong: file.payment.id === c.req.param("id") ? shown.wrong : undefined,
  });
  const props = {
    ...{ query: asked, choices, notice: shown.notice, done: doneIn(c), sums: list.sums },
    ...{ waiting: list.waiting.map(check), rest: list.rest.map(check) },
    next: list.next && `${list.next.updatedAt}.${list.next.id}`,
    ...{ tasks: decides ? tasks : null, exports: decides, now, zone },
  };
  return respond(c, {
    page: () => <AdminPaymentsPage site={site} who={who} {...props} />,
    part: () => <AdminPaymentsPanel {...props} />,
  }, shown.status);
}

const choices = { statuses: paymentStatuses, methods: paymentMethods };

async function tasksOf(c: Context<Env>, shown: PaymentsShown): Promise<Tasks> {
  const { db, viewer, now, config: { usdt } } = c.var;
  const [lines, refunds, transfers] = await Promise.all([
    openLines(db, viewer).all(),
    listRefundsToMend(db, viewer, now),
    listUnmatchedTransfers(db),
  ]);
  return {
    ...{ refunds, upload: shown.upload ?? emptyForm, problems: shown.problems ?? [] },
    lines: lines.map((line) => ({ ...line, verdict: verdictOf(line) })),
    transfers: transfers.map((transfer) => ({
      ...{ transfer, usdt: usdtText(transfer.micro) },
      chain: usdt ? networkName(usdt, transfer.network) : transfer.network,
    })),
  };
}

/** What was done just before, said once in the address that it led to. */
function doneIn(c: Context<Env>): string | undefined {
  const { added, known, confirmed } = c.req.query();
  const number = (text = "") => /^\d{1,6}$/.test(text) ? Number(text) : undefined;
  const [fresh, old, settled] = [number(added), number(known), number(confirmed)];
  if (settled !== undefined) return `${settled} confirmed.`;
  if (fresh === undefined || old === undefined) return undefined;
  return `The statement has ${fresh} new credits; ${old} were here already.`;
}
