import type { Payment } from "../db/payments.ts";
import { Copyable } from "./copyables.tsx";
import { Field, type FormState, TextArea } from "./form.tsx";
import { money } from "./format.tsx";
import { QrCode } from "./qr_code.tsx";

type InstructionProps = {
  payment: Payment;
  /** Label and value of what the client copies to pay. */
  instructions: [string, string][];
  /** The same as the text of a QR code, where banks' apps read one. */
  code: string | null;
};

/** What the client tells their bank, to copy or to scan. */
export function TransferDetails({ payment, instructions, code }: InstructionProps) {
  if (instructions.length === 0) return null;
  const amount = money(payment.amountMinor, payment.currency);
  return (
    <div class="card with-code">
      <dl class="facts">
        <Copyable label="Amount" value={amount} copied={amount.replace(/[^\d.]/g, "")} />
        {instructions.map(([label, value]) =>
          Copyable({ label, value: label === "IBAN" ? grouped(value) : value, copied: value })
        )}
      </dl>
      {code && <Code code={code} />}
    </div>
  );
}

const Code = ({ code }: { code: string }) => (
  <figure>
    <QrCode text={code} label="QR code with these details for your bank's app" />
    <figcaption class="hint">Or scan this with your bank's app.</figcaption>
  </figure>
);

/** An IBAN as people read it: https://www.iso.org/standard/81090.html, its print form. */
const grouped = (iban: string) => iban.replace(/(.{4})(?=.)/g, "$1 ");

type FormProps = { payment: Payment; base: string; form: FormState };

/** The client says that the transfer is made, and may show it. */
export function TransferForm({ payment, base, form }: FormProps) {
  const hint = "For example the day, and the account it comes from.";
  const note = { name: "note", label: "A word on the transfer", hint, maxlength: 2000, rows: 3 };
  return (
    <form
      class="stack"
      method="post"
      action={`${base}/payments/${payment.id}/proof`}
      enctype="multipart/form-data"
    >
      <TextArea {...note} form={form} />
      <ProofInput form={form} />
      <div class="next-step">
        <p>
          <strong>Next:</strong> you make the transfer with the reference above, then tell us.
        </p>
        <button type="submit" class="primary">
          I have sent {money(payment.amountMinor, payment.currency)}
        </button>
      </div>
    </form>
  );
}

function ProofInput({ form }: { form: FormState }) {
  const hint = "A receipt or a picture of it helps us to find the money: PDF, PNG or JPEG, 10 MB.";
  const described = form.errors.file ? "file-hint file-error" : "file-hint";
  return (
    <Field name="file" label="Proof" hint={hint} form={form}>
      <input
        type="file"
        id="file"
        name="file"
        accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
        aria-describedby={described}
        aria-invalid={form.errors.file ? true : undefined}
      />
    </Field>
  );
}
