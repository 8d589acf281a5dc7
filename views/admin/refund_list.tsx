import type { Payment } from "../../db/payments.ts";
import type { Refund } from "../../db/refunds.ts";
import { emptyForm, type FormState, Input, TextArea } from "../form.tsx";
import { Instant, money } from "../format.tsx";
import { methodWords } from "../payments.tsx";

export type RefundsProps = {
  refunds: Refund[];
  payment: Payment;
  /** Whether the one who looks may say how a refund ended. */
  decides: boolean;
  /** What was typed into one of the forms of one refund, and what to mend. */
  wrong?: { id: string; action: "proof" | "failure"; form: FormState };
  now: number;
  zone: string;
};

/** Every refund of a payment as a card, with the forms that end one which waits for a person. */
export function RefundList({ refunds, ...props }: RefundsProps) {
  if (refunds.length === 0) return null;
  return <>{refunds.map((refund) => RefundCard({ refund, ...props }))}</>;
}

type RowProps = Omit<RefundsProps, "refunds"> & { refund: Refund };

function RefundCard({ refund, payment, decides, wrong, now, zone }: RowProps) {
  const mine = wrong?.id === refund.id ? wrong : undefined;
  return (
    <div class="card" data-refund-id={refund.id} data-refund-status={refund.status}>
      <p class="cluster">
        <strong>{money(refund.amountMinor, payment.currency)}</strong>
        <span>{stateOf(refund, payment)}</span>
        <Instant at={refund.updatedAt} now={now} zone={zone} />
      </p>
      <p class="hint">{refund.reason}</p>
      <Found refund={refund} />
      {decides && waits(refund) && <Ending {...{ refund, payment, wrong: mine }} />}
    </div>
  );
}

const Found = ({ refund: { status, providerRef } }: { refund: Refund }) =>
  status === "succeeded" && providerRef ? <p class="hint">Found as: {providerRef}</p> : null;

const waits = ({ status, nextTryAt }: Refund) => status === "processing" && nextTryAt === null;

/** How a refund stands, for those who work here. */
export function stateOf(refund: Refund, payment: Payment): string {
  const { status, lastError, attempts } = refund;
  const provider = methodWords[payment.method];
  if (status === "succeeded") return "Sent back";
  if (status === "failed") return `Failed: ${lastError}. Nothing was sent. Send it another way.`;
  if (waits(refund)) return "Waits for you to send it";
  if (status === "processing") return `${provider} is sending it`;
  if (!lastError) return `Goes to ${provider} now`;
  return `Not answered for yet after ${attempts} tries (${lastError}): it is tried again by itself`;
}

type EndProps = { refund: Refund; payment: Payment; wrong: RefundsProps["wrong"] };

const Ending = (props: EndProps) => (
  <div>
    <Proof {...props} />
    <Failure {...props} />
  </div>
);

function Proof({ refund, payment, wrong }: EndProps) {
  const { form, open } = typedInto("proof", wrong);
  const usdt = payment.method === "usdt";
  return (
    <details class="action" open={open}>
      <summary>It is sent</summary>
      <form method="post" action={`/admin/refunds/${refund.id}/proof`} class="stack">
        <Input
          {...{ name: "reference", id: `${refund.id}-reference`, form }}
          {...{ maxlength: 140, required: true }}
          label={usdt ? "Address and transaction" : "Bank reference"}
        />
        <button type="submit" class="primary">
          {money(refund.amountMinor, payment.currency)} went back
        </button>
      </form>
    </details>
  );
}

function Failure({ refund, wrong }: EndProps) {
  const { form, open } = typedInto("failure", wrong);
  return (
    <details class="action" open={open}>
      <summary>It cannot be sent</summary>
      <form method="post" action={`/admin/refunds/${refund.id}/failure`} class="stack">
        <TextArea
          {...{ name: "reason", id: `${refund.id}-reason`, form }}
          {...{ label: "Reason", maxlength: 2000, rows: 2, required: true }}
          hint="Only those who work here read it."
        />
        <button type="submit" class="danger">Give this refund up</button>
      </form>
    </details>
  );
}

function typedInto(action: "proof" | "failure", wrong: RefundsProps["wrong"]) {
  const open = wrong?.action === action;
  return { open, form: open ? wrong.form : emptyForm };
}
