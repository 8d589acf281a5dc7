import type { PaymentFile } from "../../db/payment_lists.ts";
import type { Repair } from "../../db/repair_choices.ts";
import { type FormState, Input } from "../form.tsx";
import { fieldsOf, PaymentForm, Reason } from "./payment_form.tsx";
import { Repairs } from "./payment_repairs.tsx";
import { type Refundable, RefundDisclosure } from "./refund_forms.tsx";

export type Decision = "confirmation" | "refusal" | Repair;
/** A payment as an admin sees it; where `needsPerson`, with the forms that decide it. */
export type Check = PaymentFile & {
  needsPerson: boolean;
  /** Whether what came is for an admin to say: no provider does. */
  tellable: boolean;
  /** What may be done about money that is not simply the price. */
  repairs: Repair[];
  /** The money it holds that may be sent back; null where it holds none. */
  refundable: Refundable | null;
  /** The amount asked for, as a plain decimal. */
  amount: string;
  view: "list" | "page";
  wrong?: { action: Decision; form: FormState };
};

export function PaymentForms({ check }: { check: Check }) {
  const { tellable, repairs, refundable, view } = check;
  const sendsBack = view === "list" ? refundable : null;
  if (!tellable && repairs.length === 0 && !sendsBack) return null;
  return (
    <div class="cluster">
      <Repairs check={check} />
      {tellable && <Confirmation check={check} />}
      {tellable && <Refusal check={check} />}
      {sendsBack && <SendBack check={check} of={sendsBack} />}
    </div>
  );
}

/** Beside what waits for a person the form itself; elsewhere the way to it. */
const SendBack = ({ check: { payment, needsPerson }, of }: { check: Check; of: Refundable }) =>
  needsPerson
    ? <RefundDisclosure of={of} />
    : <a href={`/admin/payments/${payment.id}/refund`}>Send money back</a>;

function Confirmation({ check }: { check: Check }) {
  const { payment, amount } = check;
  const field = fieldsOf(check, "confirmation", { amount });
  const label = payment.status === "needs_review" ? "Another amount came" : "The money came";
  return (
    <PaymentForm check={check} action="confirmation" label={label}>
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

/** Money in another currency is none that we could send back: that is done at the provider. */
function Refusal({ check }: { check: Check }) {
  const foreign = check.payment.reason === "currency";
  const label = foreign ? "It goes back" : "It did not come";
  return (
    <PaymentForm check={check} action="refusal" label={label}>
      {foreign && <p>Send it back at the provider first, in the currency it came in.</p>}
      <Reason
        {...{ check, action: "refusal" }}
        hint="The client reads it in the e-mail and can pay again."
      />
      <button type="submit" class="danger">Refuse this payment</button>
    </PaymentForm>
  );
}
