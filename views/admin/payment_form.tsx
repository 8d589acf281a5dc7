import type { Child } from "hono/jsx";
import { Hidden, TextArea } from "../form.tsx";
import { Alert } from "../layout.tsx";
import type { Check, Decision } from "./payment_forms.tsx";

type ReasonProps = { check: Check; action: Decision; hint: string };

export function Reason({ check, action, hint }: ReasonProps) {
  const field = fieldsOf(check, action, {});
  const words = { label: "Reason", maxlength: 2000, rows: 3, required: true };
  return <TextArea {...field("reason")} {...words} hint={hint} />;
}

type FormProps = { check: Check; action: Decision; label: string; children: Child };

/** One decision, closed until it is wanted or has to be mended. */
export function PaymentForm({ check, action, label, children }: FormProps) {
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
export const fieldsOf =
  ({ payment, wrong }: Check, action: Decision, values: Record<string, string>) =>
  (
    name: string,
  ) => ({
    name,
    id: `${payment.id}-${action}-${name}`,
    form: wrong?.action === action ? wrong.form : { values, errors: {} },
  });
