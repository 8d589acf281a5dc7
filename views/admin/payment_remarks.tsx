import type { Payment } from "../../db/payments.ts";
import { money } from "../format.tsx";

/** What is odd about a payment, in words. */
export function PaymentRemark({ payment }: { payment: Payment }) {
  const { reason, proofNote, status } = payment;
  const came = whatCame(payment);
  const why = status === "failed" && reason && `Refused: ${reason}`;
  return (
    <>
      {came && <p class="hint">{came}</p>}
      {why && <p class="hint">{why}</p>}
      {proofNote && <p class="hint">The client says: {proofNote}</p>}
      {payment.reference && <p class="hint">Reference: {payment.reference}</p>}
    </>
  );
}

function whatCame({ receivedMinor, amountMinor, currency }: Payment): string | null {
  if (receivedMinor === null || receivedMinor === amountMinor) return null;
  const off = money(Math.abs(receivedMinor - amountMinor), currency);
  const way = receivedMinor < amountMinor ? "little" : "much";
  return `${money(receivedMinor, currency)} came: ${off} too ${way}. ` +
    "Settle it with the client, then confirm the full price or refuse.";
}
