import type { Booking } from "../../db/booking_moves.ts";
import type { Payment } from "../../db/payments.ts";
import { emptyForm, ErrorSummary, type FormState } from "../form.tsx";
import { money } from "../format.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { methodWords, paymentMarks } from "../payments.tsx";
import { PaymentState } from "../status.tsx";
import { Reference } from "./list_links.tsx";
import { type Refundable, RefundForm } from "./refund_forms.tsx";
import { RefundList, type RefundsProps } from "./refund_list.tsx";

export type RefundPageProps = RefundsProps & {
  booking: Booking;
  of: Refundable;
  form?: FormState;
  notice?: string;
};

export function RefundPage(props: RefundPageProps & { site: Site; who: Who }) {
  const { site, who, booking } = props;
  return (
    <Layout site={site} title={`Refunds, ${booking.reference}`} who={who} live wide>
      <RefundPanel {...props} />
    </Layout>
  );
}

/** One payment: what it holds, the form that sends it back, and what went back so far. */
export function RefundPanel(props: RefundPageProps) {
  const { booking, payment, of, form, notice } = props;
  return (
    <section class="stack" id="refunds" {...paymentMarks(payment)}>
      <ErrorSummary form={byId(props)} />
      {notice && <Alert>{notice}</Alert>}
      <p>
        <a href="/admin/payments">All payments</a>
      </p>
      <h1>Send money back</h1>
      <p class="cluster">
        <Reference of={booking.reference} />
        <span>{booking.clientName}</span>
        <span>{methodWords[payment.method]}</span>
        <PaymentState status={payment.status} />
      </p>
      <p>{soFar(payment)}</p>
      {of.leftMinor > 0
        ? <RefundForm of={of} form={form} />
        : <p class="hint">Nothing can be sent back from here.</p>}
      {props.refunds.length > 0 && <h2>Refunds so far</h2>}
      <RefundList {...props} />
    </section>
  );
}

const soFar = ({ receivedMinor, refundedMinor, currency }: Payment) =>
  `${money(receivedMinor ?? 0, currency)} came, ` +
  `${money(refundedMinor, currency)} of it went back or is on its way.`;

/** The errors with the ids of their fields, where the summary leads. */
function byId({ payment, form, wrong }: RefundPageProps): FormState {
  const [prefix, state] = wrong ? [wrong.id, wrong.form] : [`${payment.id}-refund`, form];
  const named = Object.entries(state?.errors ?? {}).map((
    [name, why],
  ) => [`${prefix}-${name}`, why]);
  return { ...emptyForm, errors: Object.fromEntries(named) };
}
