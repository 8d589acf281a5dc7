import type { Repair } from "../../db/repair_choices.ts";
import { money } from "../format.tsx";
import { PaymentForm, Reason } from "./payment_form.tsx";
import type { Check } from "./payment_forms.tsx";

/** What may be done about money that is not simply the price, each said with its amount. */
export function Repairs({ check }: { check: Check }) {
  return <>{check.repairs.map((repair) => RepairForm({ check, repair }))}</>;
}

type Words = { label: string; about: string; hint: string; button: string };

const words: Record<Repair, (check: Check) => Words> = {
  acceptance: (check) => ({
    label: "Take what came",
    about: afterwards(check),
    hint: "It is kept in the audit log.",
    button: `Take ${came(check)} as the whole price`,
  }),
  rest: (check) => ({
    label: "Ask for the rest",
    about: `What came counts as a part of the price. The client pays ${missing(check)} more, ` +
      "in any way they like.",
    hint: "The client reads it in the e-mail.",
    button: `Ask for ${missing(check)}`,
  }),
  dispute: () => ({
    label: "The dispute is over",
    about: "If the client got the money, write it down under “Send money back” as sent in " +
      "another way, once this is done.",
    hint: "What the provider decided. It is kept in the audit log.",
    button: "End the dispute here",
  }),
};

function RepairForm({ check, repair }: { check: Check; repair: Repair }) {
  const { label, about, hint, button } = words[repair](check);
  return (
    <PaymentForm check={check} action={repair} label={label}>
      <p>{about}</p>
      <Reason check={check} action={repair} hint={hint} />
      <button type="submit" class="primary">{button}</button>
    </PaymentForm>
  );
}

/** Money in another currency has no amount of ours: it is vouched for as what was due. */
function came({ payment: { receivedMinor, amountMinor, refundedMinor, currency } }: Check) {
  return money((receivedMinor ?? amountMinor) - refundedMinor, currency);
}

function missing({ payment: { receivedMinor, amountMinor, refundedMinor, currency } }: Check) {
  return money(amountMinor - (receivedMinor ?? 0) + refundedMinor, currency);
}

function afterwards(check: Check): string {
  const { payment: { reason, receivedMinor, amountMinor }, booking } = check;
  const back = booking.status === "expired" ? "The booking is reinstated and paid. " : "";
  if (reason === "short") {
    return `${back}Less is due then: the price goes down by ${missing(check)}.`;
  }
  if (receivedMinor !== null && receivedMinor > amountMinor) {
    return `${back}The booking is paid. What is too much can be sent back afterwards.`;
  }
  return back || "The booking is paid, as if exactly the price had come.";
}
