import { amountText } from "../../db/money.ts";
import type { Payment } from "../../db/payments.ts";
import { goesByHand, leftOf } from "../../db/refund_rules.ts";
import type { Refundable } from "../../views/admin/refund_forms.tsx";

/** A payment with what the form that sends its money back needs to know. */
export function refundableOf(
  payment: Payment,
  { idempotencyKey = crypto.randomUUID(), view }: {
    idempotencyKey?: string;
    view?: Refundable["view"];
  } = {},
): Refundable {
  const leftMinor = leftOf(payment);
  return {
    ...{ payment, leftMinor, idempotencyKey, view },
    left: amountText(leftMinor, payment.currency),
    byHand: goesByHand(payment.method),
  };
}
