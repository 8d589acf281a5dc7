import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import type { PaymentMethod } from "../db/schema.ts";
import { ErrorSummary, type FormState, Hidden } from "./form.tsx";
import { money } from "./format.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar, nextStepOf, type Standing } from "./next_steps.tsx";
import { methodWords, PaymentHead, paymentMarks } from "./payments.tsx";
import { bookingMarks, PaymentState } from "./status.tsx";

/** A way to pay as the client chooses among them. */
export type Choice = {
  method: PaymentMethod;
  name: string;
  about: { cost: string; takes: string; needs: string };
};

export type ChoiceProps = Standing & {
  choices: Choice[];
  mayPay: boolean;
  /** The last attempt, whatever became of it. */
  latest: Payment | null;
  idempotencyKey: string;
  form: FormState;
  problem?: string;
  now: number;
  zone: string;
};

export function ChoicePage(props: ChoiceProps & { site: Site; who?: Who }) {
  const { site, who, booking } = props;
  return (
    <Layout {...{ site, who }} title={`Pay for ${booking.reference}`}>
      <ChoicePanel {...props} />
    </Layout>
  );
}

export function ChoicePanel(props: ChoiceProps) {
  const { booking, base, form, problem, mayPay } = props;
  const title = mayPay ? "Pay" : "Payment";
  return (
    <section class="stack" id="payment-choice" {...bookingMarks(booking)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      <PaymentHead {...{ booking, base, title, amountMinor: booking.priceMinor }} />
      {mayPay ? <ChoiceForm {...props} /> : <NothingToPay {...props} />}
    </section>
  );
}

function NothingToPay(props: ChoiceProps) {
  const { latest, base, now, zone } = props;
  return (
    <>
      <p>There is nothing to pay now.</p>
      {latest && <Latest payment={latest} base={base} />}
      <NextStepBar {...{ step: nextStepOf(props), now, zone }} />
    </>
  );
}

const Latest = ({ payment, base }: { payment: Payment; base: string }) => (
  <p {...paymentMarks(payment)}>
    <a href={`${base}/payments/${payment.id}`}>
      See the payment by {methodWords[payment.method].toLowerCase()}
    </a>{" "}
    <PaymentState status={payment.status} />
  </p>
);

function ChoiceForm(props: ChoiceProps) {
  const { booking, base, attempt, idempotencyKey } = props;
  if (props.choices.length === 0) {
    return <p class="empty">No way to pay is set up yet. Write to us and we find one.</p>;
  }
  return (
    <form class="stack" method="post" action={`${base}/payments`}>
      {attempt && <Begun attempt={attempt} base={base} />}
      <Hidden name="idempotency_key" value={idempotencyKey} />
      <Choices {...props} />
      <div class="next-step">
        <p>One price, nothing is added to it.</p>
        <PayButton booking={booking} />
      </div>
    </form>
  );
}

const PayButton = ({ booking: { priceMinor, currency } }: { booking: Booking }) => (
  <button type="submit" class="primary">Pay {money(priceMinor ?? 0, currency)}</button>
);

function Choices({ choices, form }: ChoiceProps) {
  const chosen = form.values.method ?? (choices.length === 1 ? choices[0]?.method : undefined);
  return (
    <fieldset>
      <legend>How would you like to pay?</legend>
      <div class="choices" id="method">
        {choices.map((choice) => ChoiceCard({ choice, checked: choice.method === chosen }))}
      </div>
      {form.errors.method && <p class="error" id="method-error">{form.errors.method}</p>}
    </fieldset>
  );
}

function Begun({ attempt, base }: { attempt: Payment; base: string }) {
  return (
    <Alert kind="info">
      <p>
        You have begun to pay by {methodWords[attempt.method].toLowerCase()}.{" "}
        <a href={`${base}/payments/${attempt.id}`}>Go on with it</a>, or choose again: the new way
        replaces it.
      </p>
    </Alert>
  );
}

function ChoiceCard({ choice, checked }: { choice: Choice; checked: boolean }) {
  const { method, name, about } = choice;
  return (
    <label class="choice">
      <input type="radio" name="method" value={method} required checked={checked} />
      <span class="choice-name">{name}</span>
      <span class="choice-about">Costs: {about.cost}</span>
      <span class="choice-about">Takes: {about.takes}</span>
      <span class="choice-about">You need: {about.needs}</span>
    </label>
  );
}
