import type { Payment } from "../../db/payments.ts";
import { type FormState, Hidden, Input, TextArea } from "../form.tsx";
import { money } from "../format.tsx";
import { methodWords } from "../payments.tsx";
import { Way } from "./refund_ways.tsx";

/** A payment that holds money: what of it can go back, and how. */
export type Refundable = {
  payment: Payment;
  /** Minor units, and the same as the plain decimal of a form. */
  leftMinor: number;
  left: string;
  /** Whether an admin sends it and says here where that is found. */
  byHand: boolean;
  idempotencyKey: string;
  /** Where to come back to; without it to the page of the payment's refunds. */
  view?: "list" | "page";
};

/** The form closed until it is wanted: on the booking's page below its payments, elsewhere beside the payment. */
export function RefundDisclosure({ of }: { of: Refundable }) {
  if (of.leftMinor === 0) return null;
  return (
    <details class="action">
      <summary>
        {of.view === "list"
          ? "Send money back"
          : `Send money back (${methodWords[of.payment.method]})`}
      </summary>
      <RefundForm of={of} />
    </details>
  );
}

export function RefundForm({ of, form }: { of: Refundable; form?: FormState }) {
  const { payment, byHand, idempotencyKey, view } = of;
  const state = form ?? { values: { amount: of.left }, errors: {} };
  const field = (name: string) => ({ name, id: `${payment.id}-refund-${name}`, form: state });
  return (
    <form method="post" action={`/admin/payments/${payment.id}/refund`} class="stack">
      <Input
        {...field("amount")}
        {...{ unit: payment.currency, inputmode: "decimal", maxlength: 20, required: true }}
        label="Amount to send back"
        hint={`At most ${money(of.leftMinor, payment.currency)}.`}
      />
      <TextArea
        {...field("reason")}
        {...{ label: "Reason", maxlength: 2000, rows: 2, required: true }}
        hint="The client reads it in the e-mail and on the credit note."
      />
      <Way payment={payment} byHand={byHand} />
      <Hidden name="idempotency_key" value={idempotencyKey} />
      {view && <Hidden name="view" value={view} />}
      <button type="submit" class="danger">Send this amount back</button>
    </form>
  );
}
