import type { PaymentStatus } from "../../db/schema.ts";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { type Filter, FilterLinks } from "./list_filters.tsx";
import { Pager } from "./list_links.tsx";
import { type PaymentRow, PaymentTable } from "./payment_table.tsx";

type ListProps = {
  query: Filter & { status?: PaymentStatus };
  statuses: readonly PaymentStatus[];
  waiting: PaymentRow[];
  rest: PaymentRow[];
  /** Where the next page goes on; null on the last one. */
  next: string | null;
  notice?: string;
  now: number;
  zone: string;
};

const PATH = "/admin/payments";

export function AdminPaymentsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Payments" who={who} live wide>
      <AdminPaymentsPanel {...list} />
    </Layout>
  );
}

export function AdminPaymentsPanel(props: ListProps) {
  const { query, statuses, waiting, rest, next, notice } = props;
  const options = statuses.map((status) => [status, status.replaceAll("_", " ")]);
  return (
    <section id="payments" class="stack">
      <h1>Payments</h1>
      {notice && <Alert>{notice}</Alert>}
      <FilterLinks
        {...{ path: PATH, query, name: "status", label: "Status" }}
        options={options as [string, string][]}
      />
      {waiting.length > 0 && <h2>{waiting.length} for you to decide</h2>}
      {waiting.length > 0 && <PaymentTable {...props} rows={waiting} />}
      {rest.length > 0 && <h2>{waiting.length > 0 ? "All others" : "Nothing to decide"}</h2>}
      {rest.length > 0 && <PaymentTable {...props} rows={rest} />}
      {waiting.length + rest.length === 0 && <Nothing />}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>No payments here. One appears when a client chooses how to pay an approved booking.</p>
  </div>
);
