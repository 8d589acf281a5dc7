import type { Payment } from "../db/payments.ts";
import type { Network, PaymentMethod } from "../db/schema.ts";
import { Choices as CardChoices, ErrorSummary, type FormState, Hidden } from "./form.tsx";
import { money } from "./format.tsx";
import { Alert, Layout, type Site, type Who } from "./layout.tsx";
import { NextStepBar } from "./next_sentences.tsx";
import { nextStepOf, type Standing } from "./next_steps.tsx";
import { methodInText, PaymentHead, paymentMarks } from "./payments.tsx";
import { bookingMarks, PaymentState } from "./status.tsx";

/** A way to pay as the client chooses among them. */
export type Choice = {
  method: PaymentMethod;
  name: string;
  about: { cost: string; takes: string; needs: string };
  /** Where the client may choose among several: what it is called, and its name. */
  networks: { value: Network; name: string }[];
};

export type ChoiceProps = Standing & {
  choices: Choice[];
  mayPay: boolean;
  /** What is left of the price, in minor units. */
  due: number | null;
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
  const { booking, base, guest, form, problem, mayPay } = props;
  const title = mayPay ? "Pay" : "Payment";
  return (
    <section class="stack" id="payment-choice" {...bookingMarks(booking)}>
      <ErrorSummary form={form} />
      {problem && <Alert>{problem}</Alert>}
      <PaymentHead {...{ booking, base, guest, title, amountMinor: props.due }} />
      {isRest(props) && <PartHere {...props} />}
      {mayPay ? <ChoiceForm {...props} /> : <NothingToPay {...props} />}
    </section>
  );
}

function PartHere({ booking: { priceMinor, currency }, due }: ChoiceProps) {
  const [price, rest] = [priceMinor ?? 0, due ?? 0];
  return (
    <p>
      {money(price - rest, currency)} of {money(price, currency)} is here already. This is left.
    </p>
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
      See the payment by {methodInText(payment.method)}
    </a>{" "}
    <PaymentState status={payment.status} />
  </p>
);

function ChoiceForm(props: ChoiceProps) {
  const { base, attempt, idempotencyKey } = props;
  if (props.choices.length === 0) {
    return <p class="empty">No way to pay is set up yet. Write to us and we find one.</p>;
  }
  return (
    <form class="split" method="post" action={`${base}/payments`}>
      <div class="stack">
        {attempt && <Begun attempt={attempt} base={base} />}
        <Hidden name="idempotency_key" value={idempotencyKey} />
        <Choices {...props} />
        <Networks {...props} />
        <p class="hint">
          <a href="/help/paying">How to pay by each of these</a>
        </p>
      </div>
      <aside class="next-step follow" aria-label="The price">
        <p>
          {isRest(props) ? "This is the rest of the price." : "One price, nothing is added to it."}
        </p>
        <PayButton {...props} />
      </aside>
    </form>
  );
}

const isRest = ({ booking: { priceMinor }, due }: ChoiceProps) => due !== priceMinor;

const PayButton = ({ booking: { currency }, due }: ChoiceProps) => (
  <button type="submit" class="primary">Pay {money(due ?? 0, currency)}</button>
);

function Choices({ choices, form }: ChoiceProps) {
  const chosen = form.values.method ?? (choices.length === 1 ? choices[0]?.method : undefined);
  return (
    <fieldset>
      <legend class="title">How would you like to pay?</legend>
      <div class="choices" id="method">
        {choices.map((choice) => ChoiceCard({ choice, checked: choice.method === chosen }))}
      </div>
      {form.errors.method && <p class="error" id="method-error">{form.errors.method}</p>}
    </fieldset>
  );
}

/** Asked only of who pays by USDT: a rule of the stylesheet shows it with that card. */
function Networks({ choices, form }: ChoiceProps) {
  const networks = choices.flatMap((choice) => choice.networks);
  if (networks.length < 2) return null;
  const values = { network: networks[0]?.value ?? "", ...form.values };
  return (
    <div class="networks">
      <CardChoices
        name="network"
        label="On which network do you send the USDT?"
        hint="Choose the one your wallet sends on: what is sent on another may be lost."
        choices={networks}
        form={{ ...form, values }}
      />
    </div>
  );
}

function Begun({ attempt, base }: { attempt: Payment; base: string }) {
  return (
    <Alert kind="info">
      <p>
        You have begun to pay by {methodInText(attempt.method)}.{" "}
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
