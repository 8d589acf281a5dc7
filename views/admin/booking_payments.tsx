import { Instant, money } from "../format.tsx";
import { methodWords, paymentMarks } from "../payments.tsx";
import { PaymentState } from "../status.tsx";
import { type Check, PaymentForms } from "./payment_forms.tsx";
import { PaymentRemark } from "./payment_remarks.tsx";

type Props = { checks: Check[]; now: number; zone: string };

/** Every attempt to pay a booking, with the forms that decide one: what a person must decide comes first. */
export function Payments({ checks, ...time }: Props) {
  if (checks.length === 0) return null;
  const first = checks.toSorted((a, b) => Number(b.needsPerson) - Number(a.needsPerson));
  return (
    <section class="stack" id="payments">
      <h2>Payments</h2>
      {first.map((check) => PaymentCard({ check, ...time }))}
    </section>
  );
}

function PaymentCard({ check, now, zone }: Omit<Props, "checks"> & { check: Check }) {
  const { payment } = check;
  return (
    <div class="card" {...paymentMarks(payment)}>
      <p class="cluster">
        <strong>{money(payment.amountMinor, payment.currency)}</strong>
        <PaymentState status={payment.status} />
        <span>{methodWords[payment.method]}</span>
        <Instant at={payment.updatedAt} now={now} zone={zone} />
      </p>
      <PaymentRemark payment={payment} />
      <PaymentForms check={check} />
    </div>
  );
}
