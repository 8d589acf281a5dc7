import type { ChainTransfer } from "../db/chain_transfers.ts";
import type { Payment } from "../db/payments.ts";
import type { Receipt } from "../db/receipts.ts";
import type { Refund } from "../db/refunds.ts";
import { TransferDetails, TransferForm } from "./bank_transfer.tsx";
import { ErrorSummary, type FormState, Hidden } from "./form.tsx";
import { money } from "./format.tsx";
import { wayAt } from "./help_paying.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar } from "./next_sentences.tsx";
import { nextStepOf, type Standing } from "./next_steps.tsx";
import { Ask, asksForItself, isSettled } from "./payment_asks.tsx";
import { Progress } from "./payment_steps.tsx";
import { methodInText, PaymentHead, paymentMarks } from "./payments.tsx";
import { ReceiptList } from "./receipts.tsx";
import { bookingMarks } from "./status.tsx";
import { type QuoteFacts, UsdtQuote } from "./usdt_quote.tsx";

export type PaymentProps = Standing & {
  payment: Payment;
  /** Label and value of what the client copies to pay, and the same as the text of a QR code. */
  instructions: [string, string][];
  code: string | null;
  /** What to send by USDT, and what was seen of it. */
  usdt: { facts: QuoteFacts; transfer: ChainTransfer | null } | null;
  refunds: Refund[];
  receipts: Receipt[];
  /** Whether the method's provider can be asked, and whether the client just came back from its page. */
  asks: "now" | "offered" | null;
  idempotencyKey: string;
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

export function PaymentPanel(props: PaymentProps) {
  const { payment, booking, base, guest, form, problem, receipts, now, zone } = props;
  const { amountMinor } = payment;
  const marks = { ...bookingMarks(booking), ...paymentMarks(payment) };
  return (
    <section class="stack" id="payment" {...marks} {...asksForItself(props)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      <PaymentHead {...{ booking, base, guest, amountMinor }} title="Payment" />
      <div class="split">
        <div class="stack">
          <HowToPay {...props} />
          <Outlook {...props} />
          {!isSettled(payment) && <Guide {...payment} />}
          <ReceiptList {...{ receipts, base, now, zone }} />
        </div>
        <aside class="stack">
          <h2>Where it stands</h2>
          <Progress {...props} />
        </aside>
      </div>
    </section>
  );
}

const Guide = ({ method }: Payment) => (
  <p class="hint">
    <a href={wayAt(method)}>How to pay by {methodInText(method)}</a>
  </p>
);

/** What the client needs to pay by the method they chose, while they still can. */
function HowToPay(props: PaymentProps) {
  const { payment: { status, method }, usdt } = props;
  if (usdt && (status === "open" || status === "processing")) {
    return <UsdtQuote {...props} {...usdt} />;
  }
  if (status === "open" && method === "bank") return <TransferDetails {...props} />;
  const page = method === "stripe" || method === "paypal";
  if (!page || props.asks === "now") return null;
  return status === "open" || status === "created" ? <GoOn {...props} /> : null;
}

const pages: Partial<Record<Payment["method"], string>> = {
  stripe: "the card page",
  paypal: "PayPal",
};

/** The provider's page again, fresh each time: one that was left open takes no money any more. */
function GoOn({ payment, base, idempotencyKey }: PaymentProps) {
  const { method, amountMinor, currency } = payment;
  return (
    <form class="next-step" method="post" action={`${base}/payments`}>
      <Hidden name="method" value={method} />
      <Hidden name="idempotency_key" value={idempotencyKey} />
      <p>
        <strong>Next:</strong> you pay at{" "}
        {pages[method]}. It opens afresh, so nothing is charged twice.{" "}
        <a href={`${base}/payment`}>Choose another way</a>
      </p>
      <button type="submit" class="primary">Pay {money(amountMinor, currency)}</button>
    </form>
  );
}

function Outlook(props: PaymentProps) {
  const { payment: { status, method }, now, zone } = props;
  if (isSettled(props.payment)) {
    return <NextStepBar {...{ step: nextStepOf(props), now, zone }} />;
  }
  if (status === "open" && method === "bank") {
    return (
      <>
        <TransferForm {...props} />
        <p class="hint">This page updates itself.</p>
      </>
    );
  }
  return (
    <>
      {status !== "open" && status !== "created" && <Checking {...props} />}
      {props.asks && <Ask {...props} />}
      <p class="hint">This page updates itself.</p>
    </>
  );
}

/** Our turn: what we do meanwhile, and that there is nothing for the client to do. */
function Checking(props: PaymentProps) {
  const { action: _, ...step } = nextStepOf(props);
  const { now, zone } = props;
  return <NextStepBar step={step} now={now} zone={zone} />;
}
