import type { PaymentMethod, PaymentStatus } from "../../db/schema.ts";
import { Hidden } from "../form.tsx";
import { methodWords } from "../payments.tsx";
import { paymentWord } from "../status.tsx";
import { type Filter, FilterLinks } from "./list_filters.tsx";

export type PaymentQuery = Filter & {
  status?: PaymentStatus;
  method?: PaymentMethod;
  /** YYYY-MM-DD, both days counted. */
  from?: string;
  to?: string;
  q?: string;
  before?: string;
};
export type PaymentChoices = {
  statuses: readonly PaymentStatus[];
  methods: readonly PaymentMethod[];
};
type FilterProps = { query: PaymentQuery; choices: PaymentChoices };

export const PATH = "/admin/payments";

/** What the list can be narrowed to; the export takes the same. */
export function PaymentFilters({ query, choices }: FilterProps) {
  return (
    <>
      <SearchForm query={query} />
      <FilterLinks
        {...{ path: PATH, query, name: "status", label: "Status" }}
        options={choices.statuses.map((status) => [status, paymentWord(status)])}
      />
      <FilterLinks
        {...{ path: PATH, query, name: "method", label: "Method" }}
        options={choices.methods.map((method) => [method, methodWords[method]])}
      />
    </>
  );
}

function SearchForm({ query: { status, method, q, from, to } }: { query: PaymentQuery }) {
  return (
    <form class="cluster search" role="search" action={PATH}>
      {status && <Hidden name="status" value={status} />}
      {method && <Hidden name="method" value={method} />}
      <div>
        <input
          {...{ type: "search", name: "q", value: q, maxlength: 40 }}
          aria-label="A booking's reference"
          placeholder="Reference, like CP2026ABC123"
        />
      </div>
      <label class="inline">
        Changed from <input type="date" name="from" value={from} />
      </label>
      <label class="inline">
        to <input type="date" name="to" value={to} />
      </label>
      <button type="submit">Search</button>
    </form>
  );
}
