import type { Payment } from "../db/payments.ts";
import type { Refund } from "../db/refunds.ts";
import { Instant, money } from "./format.tsx";
import { counted, type Seen, stepsAhead } from "./payment_ahead.ts";
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
  usdt?: Seen | null;
  base: string;
  now: number;
  zone: string;
};

/** What happened with an attempt so far, how it stands, and what is still to come. */
export function Progress({ now, zone, ...props }: ProgressProps) {
  const ahead = stepsAhead(props.payment, props.usdt);
  return (
    <div data-status={props.payment.status}>
      <ol class="timeline">{stepsOf(props).map((step) => StepItem({ step, now, zone }))}</ol>
      {ahead.length > 0 && (
        <>
          <h3 class="visually-hidden">Still to come</h3>
          <ol class="timeline ahead">
            {ahead.map((text) => (
              <li class="timeline-item">
                <p>{text}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

type Known = Omit<ProgressProps, "now" | "zone">;

function stepsOf({ payment, refunds, usdt, asks, base }: Known) {
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
      text: asks === "now" ? "Being confirmed" : counted(usdt) ?? clientState(payment),
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
