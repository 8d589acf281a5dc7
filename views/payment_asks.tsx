import type { Payment } from "../db/payments.ts";
import type { PaymentProps } from "./payment_progress.tsx";

const settled = ["succeeded", "failed", "expired", "voided", "refunded"];

/** Whether an attempt changes no more by itself. */
export const isSettled = ({ status }: Payment) => settled.includes(status);

const payers: Partial<Record<Payment["method"], string>> = {
  stripe: "The card page",
  paypal: "PayPal",
};

/** Asks the provider how it stands: again by itself for who comes back from its page, by hand without JavaScript. */
export function Ask({ payment, base, asks }: PaymentProps) {
  const at = `${base}/payments/${payment.id}/check`;
  const live = asks === "now"
    ? { "data-hx-post": at, "data-hx-trigger": "load delay:5s", "data-hx-target": "#payment" }
    : {};
  return (
    <form class="cluster" method="post" action={at} {...live} data-hx-swap="outerHTML">
      {asks === "now" && (
        <p>
          <strong>We are confirming your payment.</strong> {payers[payment.method]}{" "}
          has not told us yet that it went through. You need not pay again.
        </p>
      )}
      <button type="submit">Ask again now</button>
    </form>
  );
}

/** What a page has shown of an attempt: while it is the same, there is nothing new to show. */
export function seenMark(
  { payment, usdt, refunds }: Pick<PaymentProps, "payment" | "usdt" | "refunds">,
) {
  const transfer = usdt?.transfer;
  return [
    payment.status,
    ...transfer ? [transfer.removedAt === null ? transfer.confirmations : "gone"] : [],
    ...refunds.map(({ status }) => status),
  ].join(".");
}

/** The answer is empty until the state has changed, so nobody loses a note that they are writing. */
export function asksForItself(props: PaymentProps) {
  const { payment, base, refunds } = props;
  const moves = refunds.some(({ status }) => status === "requested" || status === "processing");
  if (isSettled(payment) && !moves) return {};
  return {
    "data-hx-get": `${base}/payments/${payment.id}?seen=${seenMark(props)}`,
    "data-hx-trigger": "every 5s",
    "data-hx-swap": "outerHTML",
    ...{ "data-hx-status:4xx": "swap:none", "data-hx-status:5xx": "swap:none" },
  };
}
