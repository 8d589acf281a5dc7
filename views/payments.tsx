import type { Booking } from "../db/booking_moves.ts";
import type { Payment } from "../db/payments.ts";
import type { PaymentMethod } from "../db/schema.ts";
import { Crumbs, yours } from "./crumbs.tsx";
import { Instant, money } from "./format.tsx";
import { oddForClient } from "./payment_words.ts";
import { BookingStatus, PaymentState } from "./status.tsx";

export const methodWords: Record<PaymentMethod, string> = {
  stripe: "Card",
  paypal: "PayPal",
  usdt: "USDT",
  bank: "Bank transfer",
  test: "Test payment",
  manual: "Paid another way",
};

/** The same inside a sentence: "by card", "by PayPal". */
export const methodInText = (method: PaymentMethod) =>
  method === "usdt" || method === "paypal"
    ? methodWords[method]
    : methodWords[method].toLowerCase();

/** What a payment's element says about it, for scripts and checks. */
export const paymentMarks = ({ id, status, amountMinor, currency }: Payment) => ({
  "data-payment-id": id,
  "data-payment-status": status,
  "data-amount-minor": String(amountMinor),
  "data-currency": currency,
});

type ListProps = { payments: Payment[]; base: string; now: number; zone: string };

export function PaymentList({ payments, ...props }: ListProps) {
  if (payments.length === 0) return null;
  return (
    <section class="stack">
      <h2>Payments</h2>
      <ul class="list">{payments.map((payment) => PaymentRow({ payment, ...props }))}</ul>
    </section>
  );
}

type RowProps = Omit<ListProps, "payments"> & { payment: Payment };

function PaymentRow({ payment, base, now, zone }: RowProps) {
  const odd = oddForClient(payment);
  return (
    <li class="list-row" {...paymentMarks(payment)}>
      <a href={`${base}/payments/${payment.id}`}>{methodWords[payment.method]}</a>
      <span>{money(payment.amountMinor, payment.currency)}</span>
      <Instant {...{ at: payment.createdAt, now, zone }} />
      <PaymentState status={payment.status} />
      {odd && <p class="hint">{odd}</p>}
    </li>
  );
}

type HeadProps = {
  booking: Booking;
  base: string;
  guest?: object;
  title: string;
  amountMinor: number | null;
};

/** What a page about money begins with. */
export function PaymentHead({ booking, base, guest, title, amountMinor }: HeadProps) {
  const { serviceName, reference, status, currency } = booking;
  return (
    <header class="stack">
      <Crumbs links={[...guest ? [] : [yours], [reference, base]]} />
      <h1>{title} for {serviceName}</h1>
      <p class="cluster">
        {amountMinor !== null && <span class="price sum">{money(amountMinor, currency)}</span>}
        <BookingStatus status={status} />
      </p>
    </header>
  );
}
