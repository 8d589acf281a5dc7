import type { PaymentSum } from "../../db/payment_lists.ts";
import type { PaymentStatus } from "../../db/schema.ts";
import { money } from "../format.tsx";
import { PaymentState } from "../status.tsx";
import { amount, number, Table } from "./tables.tsx";

type Props = { sums: PaymentSum[]; statuses: readonly PaymentStatus[] };

const columns = [
  "Status",
  number("Payments"),
  amount("Asked for"),
  amount("Came in"),
  amount("Sent back"),
];

/** What the payments of a list add up to, a line for each status and currency. */
export function PaymentSums({ sums, statuses }: Props) {
  if (sums.length === 0) return null;
  const place = ({ status }: PaymentSum) => statuses.indexOf(status);
  const inOrder = sums.toSorted((a, b) => place(a) - place(b));
  return (
    <details class="action" open>
      <summary>Sums of all these payments</summary>
      <Table columns={columns}>{inOrder.map(Row)}</Table>
    </details>
  );
}

function Row({ status, currency, count, amountMinor, receivedMinor, refundedMinor }: PaymentSum) {
  return (
    <tr data-sum-status={status} data-currency={currency}>
      <th scope="row">
        <PaymentState status={status} />
      </th>
      <td class="number" data-label="Payments">{count}</td>
      <td class="amount" data-label="Asked for">{money(amountMinor, currency)}</td>
      <td class="amount" data-label="Came in">{money(receivedMinor, currency)}</td>
      <td class="amount" data-label="Sent back">{money(refundedMinor, currency)}</td>
    </tr>
  );
}
