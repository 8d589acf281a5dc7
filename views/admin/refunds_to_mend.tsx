import type { DueRefund } from "../../db/refund_results.ts";
import { money } from "../format.tsx";
import { Reference } from "./list_links.tsx";
import { stateOf } from "./refund_list.tsx";
import { amount, Table, TimeCell } from "./tables.tsx";

type Props = { refunds: DueRefund[]; now: number; zone: string };

const columns = ["Booking", "Client", "State", "Changed", amount("Amount"), "Decide"];

/** Money that should be on its way back and needs a person: failed, or waiting for its proof. */
export function RefundsToMend({ refunds, now, zone }: Props) {
  if (refunds.length === 0) return null;
  return (
    <section id="refunds" class="stack">
      <h2>{refunds.length === 1 ? "1 refund" : `${refunds.length} refunds`} for you to see to</h2>
      <Table columns={columns}>{refunds.map((due) => Row({ due, now, zone }))}</Table>
    </section>
  );
}

function Row({ due, now, zone }: { due: DueRefund } & Omit<Props, "refunds">) {
  const { refund, payment, booking } = due;
  return (
    <tr data-refund-id={refund.id} data-refund-status={refund.status}>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <td>{booking.clientName}</td>
      <td>{stateOf(refund, payment)}</td>
      <TimeCell at={refund.updatedAt} now={now} zone={zone} />
      <td class="amount">{money(refund.amountMinor, payment.currency)}</td>
      <td class="actions">
        <a href={`/admin/payments/${payment.id}/refund`}>See to it</a>
      </td>
    </tr>
  );
}
