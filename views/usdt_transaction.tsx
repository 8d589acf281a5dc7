import type { Payment } from "../db/payments.ts";
import { type FormState, Input } from "./form.tsx";

type TransactionProps = { payment: Payment; base: string; form: FormState };

/** The chain decides; the name of the transaction only helps to find one with another amount. */
export function TransactionForm({ payment, base, form }: TransactionProps) {
  const values = { ...form.values, tx_hash: form.values.tx_hash ?? payment.usdtTx ?? "" };
  const hint = "Only if it takes long, or you sent another amount: we find an exact one by itself.";
  return (
    <details open={payment.usdtTx !== null || "tx_hash" in form.errors}>
      <summary>Already sent?</summary>
      <form class="stack" method="post" action={`${base}/payments/${payment.id}/proof`}>
        <Input
          {...{ name: "tx_hash", label: "Transaction hash", hint, maxlength: 200, required: true }}
          form={{ ...form, values }}
        />
        <button type="submit">Tell us</button>
      </form>
    </details>
  );
}
