import type { Payment } from "../db/payments.ts";
import { ErrorSummary, type FormState, TextArea } from "./form.tsx";
import { Instant, money } from "./format.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar, nextStepOf, type Standing } from "./next_steps.tsx";
import { methodWords, PaymentHead, paymentMarks } from "./payments.tsx";
import { bookingMarks } from "./status.tsx";

export type PaymentProps = Standing & {
  payment: Payment;
  /** Label and value of what the client copies to pay. */
  instructions: [string, string][];
  form: FormState;
  problem?: string;
  now: number;
  zone: string;
};

export function PaymentPage(props: PaymentProps & { site: Site; who?: Who }) {
  const { site, who, booking } = props;
  return (
    <Layout {...{ site, who }} title={`Payment for ${booking.reference}`} live>
      <PaymentPanel {...props} />
    </Layout>
  );
}

const settled = ["succeeded", "failed", "expired", "voided", "refunded"];

export function PaymentPanel(props: PaymentProps) {
  const { payment, booking, base, form, problem } = props;
  const { amountMinor, status } = payment;
  const marks = { ...bookingMarks(booking), ...paymentMarks(payment) };
  return (
    <section class="stack" id="payment" {...marks} {...asksForItself(props)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      <PaymentHead {...{ booking, base, amountMinor }} title="Payment" />
      <Progress {...props} />
      {status === "open" && <Instructions {...props} />}
      <Outlook {...props} />
    </section>
  );
}

function Outlook(props: PaymentProps) {
  const { payment, now, zone } = props;
  if (settled.includes(payment.status)) {
    return <NextStepBar {...{ step: nextStepOf(props), now, zone }} />;
  }
  if (payment.status !== "open" || payment.method !== "bank") {
    return <p class="hint">There is nothing to do: this page updates itself.</p>;
  }
  return (
    <>
      <TransferForm {...props} />
      <p class="hint">This page updates itself.</p>
    </>
  );
}

/** The answer is empty until the state has changed, so nobody loses a note that they are writing. */
function asksForItself({ payment, base }: PaymentProps) {
  if (settled.includes(payment.status)) return {};
  return {
    "hx-get": `${base}/payments/${payment.id}?seen=${payment.status}`,
    "hx-trigger": "every 5s",
    "hx-swap": "outerHTML",
    ...{ "hx-status:4xx": "swap:none", "hx-status:5xx": "swap:none" },
  };
}

type Step = { text: string; at?: number; note?: string | null; present?: boolean };

function Progress({ payment, now, zone }: PaymentProps) {
  const { status, proofNote, reason } = payment;
  const steps: Step[] = [
    { text: `${methodWords[payment.method]} chosen`, at: payment.createdAt },
    { text: "You told us that it is sent", note: proofNote },
    {
      ...{ text: presentState(payment), at: payment.updatedAt, present: true },
      note: status === "failed" ? reason : null,
    },
  ];
  const told = proofNote !== null || status === "under_review";
  const taken = steps.filter((_, i) => told || i !== 1);
  return <ol class="timeline">{taken.map((step) => ProgressStep({ step, now, zone }))}</ol>;
}

type StepProps = { step: Step; now: number; zone: string };

function ProgressStep({ step: { text, at, note, present }, now, zone }: StepProps) {
  const marks = { class: "timeline-item", "aria-current": present ? "step" as const : undefined };
  return (
    <li {...marks}>
      <p>{present ? <b>{text}</b> : text}</p>
      {at !== undefined && <Instant {...{ at, now, zone }} />}
      {note && <p class="note">{note}</p>}
    </li>
  );
}

const states: Record<Exclude<Payment["status"], "needs_review">, string> = {
  created: "Waiting for your payment",
  open: "Waiting for your payment",
  processing: "Being processed",
  under_review: "We look for it on our account",
  succeeded: "Confirmed",
  failed: "It did not arrive",
  expired: "It was not paid in time",
  voided: "No longer needed",
  refunded: "Paid back to you",
};

function presentState({ status, receivedMinor, currency, amountMinor }: Payment): string {
  if (status !== "needs_review") return states[status];
  return `${money(receivedMinor ?? 0, currency)} arrived instead of ` +
    `${money(amountMinor, currency)}. We look at it and write to you`;
}

function Instructions({ instructions, payment }: PaymentProps) {
  if (instructions.length === 0) return null;
  const amount = money(payment.amountMinor, payment.currency);
  return (
    <dl class="facts card">
      <Copyable label="Amount" value={amount} copied={amount.replace(/[^\d.]/g, "")} />
      {instructions.map(([label, value]) => Copyable({ label, value }))}
    </dl>
  );
}

type CopyableProps = { label: string; value: string; copied?: string };

const Copyable = ({ label, value, copied = value }: CopyableProps) => (
  <div>
    <dt>{label}</dt>
    <dd>
      <span class="copyable">
        <span>{value}</span>
        <button type="button" class="copy" data-copy={copied} aria-label={`Copy ${label}`}>
          Copy
        </button>
      </span>
    </dd>
  </div>
);

function TransferForm({ payment, base, form }: PaymentProps) {
  const hint = "For example the day, and the account it comes from.";
  const note = { name: "note", label: "A word on the transfer", hint, maxlength: 2000, rows: 3 };
  return (
    <form class="stack" method="post" action={`${base}/payments/${payment.id}/proof`}>
      <TextArea {...note} form={form} />
      <div class="next-step">
        <p>
          <strong>Next:</strong> you make the transfer with the reference above, then tell us.
        </p>
        <button type="submit" class="primary">
          I have sent {money(payment.amountMinor, payment.currency)}
        </button>
      </div>
    </form>
  );
}
