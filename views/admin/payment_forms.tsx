import type { PaymentFile } from "../../db/payment_lists.ts";
import type { Repair } from "../../db/repair_choices.ts";
import { type FormState, Input } from "../form.tsx";
import { fieldsOf, PaymentForm, Reason } from "./payment_form.tsx";
import { Repairs } from "./payment_repairs.tsx";

export type Decision = "confirmation" | "refusal" | Repair;
/** A payment as an admin sees it; where `needsPerson`, with the forms that decide it. */
export type Check = PaymentFile & {
  needsPerson: boolean;
  /** Whether what came is for an admin to say: no provider does. */
  tellable: boolean;
  /** What may be done about money that is not simply the price. */
  repairs: Repair[];
  /** Whether it holds money that may be sent back. */
  refundable: boolean;
  /** The amount asked for, as a plain decimal. */
  amount: string;
  view: "list" | "page";
  wrong?: { action: Decision; form: FormState };
};

export function PaymentForms({ check }: { check: Check }) {
  const { payment, tellable, repairs, refundable, view } = check;
  const sendsBack = refundable && view === "list";
  if (!tellable && repairs.length === 0 && !sendsBack) return null;
  return (
    <div class="cluster">
      <Repairs check={check} />
      {tellable && <Confirmation check={check} />}
      {tellable && <Refusal check={check} />}
      {sendsBack && <a href={`/admin/payments/${payment.id}/refund`}>Send money back</a>}
    </div>
  );
}

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

function Refusal({ check }: { check: Check }) {
  return (
    <PaymentForm check={check} action="refusal" label="It did not come">
      <Reason
        {...{ check, action: "refusal" }}
        hint="The client reads it in the e-mail and can pay again."
      />
      <button type="submit" class="danger">Refuse this payment</button>
    </PaymentForm>
  );
}
