import type { PaymentSum } from "../../db/payment_lists.ts";
import type { DueRefund } from "../../db/refund_results.ts";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { type StatementProps, Statements } from "./bank_lines.tsx";
import { type Unmatched, UnmatchedTransfers } from "./chain_transfers.tsx";
import { listAddress } from "./list_filters.tsx";
import { Pager } from "./list_links.tsx";
import {
  PATH,
  type PaymentChoices,
  PaymentFilters,
  type PaymentQuery,
} from "./payment_filters.tsx";
import type { Check } from "./payment_forms.tsx";
import { PaymentSums } from "./payment_sums.tsx";
import { PaymentTable } from "./payment_table.tsx";
import { RefundsToMend } from "./refunds_to_mend.tsx";

/** What needs a person beside the payments themselves: shown to those who decide, while nothing is searched for. */
export type Tasks = StatementProps & { refunds: DueRefund[]; transfers: Unmatched[] };
type ListProps = {
  query: PaymentQuery;
  choices: PaymentChoices;
  waiting: Check[];
  rest: Check[];
  sums: PaymentSum[];
  /** Where the next page goes on; null on the last one. */
  next: string | null;
  tasks: Tasks | null;
  /** Whether the one who looks may take the list home. */
  exports: boolean;
  notice?: string;
  done?: string;
  now: number;
  zone: string;
};

export function AdminPaymentsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Payments" who={who} live wide>
      <AdminPaymentsPanel {...list} />
    </Layout>
  );
}

export function AdminPaymentsPanel(props: ListProps) {
  const { query, waiting, rest, next, notice, done, tasks, now, zone } = props;
  return (
    <section id="payments" class="stack">
      <div class="list-head">
        <h1>Payments</h1>
        {props.exports && (
          <a href={listAddress(`${PATH}/export.csv`, query, {})} download>Download these as CSV</a>
        )}
      </div>
      {notice && <Alert>{notice}</Alert>}
      {done && <Alert kind="good">{done}</Alert>}
      <PaymentFilters {...props} />
      {waiting.length > 0 && <h2>{waiting.length} for you to decide</h2>}
      {waiting.length > 0 && <PaymentTable {...props} rows={waiting} />}
      {tasks && <RefundsToMend {...{ refunds: tasks.refunds, now, zone }} />}
      {tasks && <UnmatchedTransfers {...{ transfers: tasks.transfers, now, zone }} />}
      {tasks && <Statements {...tasks} />}
      <h2>{waiting.length > 0 ? "All others" : "Nothing to decide"}</h2>
      {rest.length > 0 && <PaymentTable {...props} rows={rest} />}
      {waiting.length + rest.length === 0 && <Nothing />}
      <PaymentSums sums={props.sums} statuses={props.choices.statuses} />
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>
      No payments here. One appears when a client chooses how to pay an approved booking.{" "}
      <a href={PATH}>Show all payments</a>
    </p>
  </div>
);
