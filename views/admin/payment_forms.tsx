import type { Child } from "hono/jsx";
import type { Payment } from "../../db/payments.ts";
import { type FormState, Hidden, Input, TextArea } from "../form.tsx";
import { Alert } from "../layout.tsx";

/** A payment as an admin sees it; where `needsPerson`, with the forms that decide it. */
export type Check = {
  payment: Payment;
  needsPerson: boolean;
  /** The amount asked for, as a plain decimal. */
  amount: string;
  view: "list" | "page";
  wrong?: { action: "confirmation" | "refusal"; form: FormState };
};

export function PaymentForms({ check }: { check: Check }) {
  if (!check.needsPerson) return null;
  return (
    <div class="cluster">
      <Confirmation check={check} />
      <Refusal check={check} />
    </div>
  );
}

function Confirmation({ check }: { check: Check }) {
  const { payment, amount } = check;
  const field = fieldsOf(check, "confirmation", { amount });
  return (
    <PaymentForm check={check} action="confirmation" label="The money came">
      <Input
        {...field("amount")}
        {...{ unit: payment.currency, inputmode: "decimal", maxlength: 20, required: true }}
        label="Amount that came"
        hint="Any other amount than the price waits for your decision."
      />
      <Input {...field("received_on")} label="Received on" type="date" />
      <Input {...field("reference")} label="Reference on the statement" maxlength={140} />
      <button type="submit" class="primary">Confirm this amount</button>
    </PaymentForm>
  );
}

function Refusal({ check }: { check: Check }) {
  const field = fieldsOf(check, "refusal", {});
  return (
    <PaymentForm check={check} action="refusal" label="It did not come">
      <TextArea
        {...field("reason")}
        {...{ label: "Reason", maxlength: 2000, rows: 3, required: true }}
        hint="The client reads it in the e-mail and can pay again."
      />
      <button type="submit" class="danger">Refuse this payment</button>
    </PaymentForm>
  );
}

type FormProps = { check: Check; action: "confirmation" | "refusal"; label: string };

function PaymentForm(props: FormProps & { children: Child }) {
  const { check, action, label, children } = props;
  const wrong = check.wrong?.action === action;
  return (
    <details class="action" open={wrong}>
      <summary>{label}</summary>
      <form method="post" action={`/admin/payments/${check.payment.id}/${action}`} class="stack">
        {wrong && <Alert>{Object.values(check.wrong?.form.errors ?? {}).join(" ")}</Alert>}
        <Hidden name="view" value={check.view} />
        {children}
      </form>
    </details>
  );
}

/** The fields of one form, with what was typed into it; ids are the payment's own. */
const fieldsOf =
  ({ payment, wrong }: Check, action: FormProps["action"], values: Record<string, string>) =>
  (name: string) => ({
    name,
    id: `${payment.id}-${action}-${name}`,
    form: wrong?.action === action ? wrong.form : { values, errors: {} },
  });
