import type { Payment } from "../../db/payments.ts";
import { money } from "../format.tsx";
import { cameOnTop, whatHappened } from "../payment_words.ts";

/** What is odd about a payment, in words. */
export function PaymentRemark({ payment }: { payment: Payment }) {
  const { reason, proofNote, proofFileId, status, disputedAt } = payment;
  const remarks = [
    whatCame(payment),
    disputedAt !== null && "The client disputes it. Answer at the provider, before its deadline.",
    status === "failed" && reason && `Refused: ${reason}`,
    proofNote && `The client says: ${proofNote}`,
    payment.reference && `Reference: ${payment.reference}`,
    payment.usdtTx && status !== "succeeded" &&
    `The client names the transaction ${payment.usdtTx}`,
  ];
  return (
    <>
      {remarks.filter(Boolean).map((remark) => (
        <>
          {" "}
          <p class="hint">{remark}</p>
        </>
      ))}
      {proofFileId && (
        <>
          {" "}
          <p class="hint">
            <a href={`/admin/payments/${payment.id}/proof`} download>The client's proof</a>
          </p>
        </>
      )}
    </>
  );
}

function whatCame(payment: Payment): string | null {
  const { receivedMinor, amountMinor, currency, status, reason } = payment;
  if (status === "needs_review" && reason !== "short" && reason !== "over") {
    return `${whatHappened(payment)}.`;
  }
  const onTop = cameOnTop(payment);
  if (onTop) return `Paid already: ${onTop}. Send it back.`;
  if (receivedMinor === null || receivedMinor === amountMinor) return null;
  const off = money(Math.abs(receivedMinor - amountMinor), currency);
  const way = receivedMinor < amountMinor ? "little" : "much";
  return `${money(receivedMinor, currency)} came: ${off} too ${way}.`;
}
