import type { Payment } from "../db/payments.ts";
import type { Refund } from "../db/refunds.ts";
import { Instant, money } from "./format.tsx";
import { clientState, refundForClient } from "./payment_words.ts";
import { methodWords } from "./payments.tsx";

type Step = {
  text: string;
  at?: number;
  note?: string | null;
  /** A file to the step, at this address. */
  file?: string;
  present?: boolean;
};

export type ProgressProps = {
  payment: Payment;
  /** What of it went back, latest first. */
  refunds: Refund[];
  /** Its client just came back from the provider's page. */
  asks?: "now" | "offered" | null;
  base: string;
  now: number;
  zone: string;
};

/** What happened with an attempt so far, the present last. */
export function Progress({ now, zone, ...props }: ProgressProps) {
  return <ol class="timeline">{stepsOf(props).map((step) => StepItem({ step, now, zone }))}</ol>;
}

function stepsOf({ payment, refunds, base, asks }: Omit<ProgressProps, "now" | "zone">) {
  const { status, proofNote, proofFileId, reason, currency } = payment;
  const told = proofNote !== null || proofFileId !== null || status === "under_review";
  const steps: Step[] = [
    { text: `${methodWords[payment.method]} chosen`, at: payment.createdAt },
    ...told
      ? [{
        ...{ text: "You told us that it is sent", note: proofNote },
        file: proofFileId ? `${base}/payments/${payment.id}/proof` : undefined,
      }]
      : [],
    {
      text: asks === "now" ? "Being confirmed" : clientState(payment),
      at: payment.updatedAt,
      note: status === "failed" && payment.method === "bank" ? reason : null,
    },
    ...refunds.toReversed().map(({ amountMinor, status, updatedAt }) => ({
      text: refundForClient(money(amountMinor, currency), status),
      at: updatedAt,
    })),
  ];
  return steps.map((step, at) => ({ ...step, present: at === steps.length - 1 }));
}

type StepProps = { step: Step; now: number; zone: string };

function StepItem({ step: { text, at, note, file, present }, now, zone }: StepProps) {
  const marks = { class: "timeline-item", "aria-current": present ? "step" as const : undefined };
  return (
    <li {...marks}>
      <p>{present ? <b>{text}</b> : text}</p>
      {at !== undefined && <Instant {...{ at, now, zone }} />}
      {note && <p class="note">{note}</p>}
      {file && (
        <p>
          <a href={file} download>Your proof</a>
        </p>
      )}
    </li>
  );
}
