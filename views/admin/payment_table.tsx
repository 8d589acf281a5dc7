import { money } from "../format.tsx";
import { methodWords, paymentMarks } from "../payments.tsx";
import { PaymentState } from "../status.tsx";
import { Reference } from "./list_links.tsx";
import { type Check, PaymentForms } from "./payment_forms.tsx";
import { PaymentRemark } from "./payment_remarks.tsx";
import { amount, Table, TimeCell } from "./tables.tsx";

type TableProps = { rows: Check[]; now: number; zone: string };

const columns = ["Booking", "Client", "Method", "Status", "Changed", amount("Amount"), "Decide"];

/** Payments, each with the forms that decide it where a person must. */
export function PaymentTable({ rows, now, zone }: TableProps) {
  return <Table columns={columns}>{rows.map((check) => Row({ check, now, zone }))}</Table>;
}

function Row({ check, now, zone }: { check: Check; now: number; zone: string }) {
  const { payment, booking } = check;
  return (
    <tr {...paymentMarks(payment)}>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <td class="clipped">
        <div>{booking.clientName}</div>
      </td>
      <td class="method">{methodWords[payment.method]}</td>
      <td class="remarked">
        <PaymentState status={payment.status} />
        <PaymentRemark payment={payment} />
      </td>
      <TimeCell at={payment.updatedAt} now={now} zone={zone} />
      <td class="amount">{money(payment.amountMinor, payment.currency)}</td>
      <td class="actions">
        <PaymentForms check={check} />
      </td>
    </tr>
  );
}
