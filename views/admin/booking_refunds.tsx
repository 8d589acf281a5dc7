import type { BookingFile } from "../../db/booking_finders.ts";
import { type Refundable, RefundDisclosure } from "./refund_forms.tsx";
import { RefundList } from "./refund_list.tsx";

type Props = {
  file: BookingFile;
  decides: boolean;
  refundables: Refundable[];
  now: number;
  zone: string;
};

/**
 * What went back of a booking's payments or is on its way, with the forms that end what waits for a person and
 * those that send back what is left.
 */
export function Refunds({ file: { payments, refunds }, refundables, ...props }: Props) {
  const holding = refundables.filter(({ leftMinor }) => leftMinor > 0);
  if (refunds.length + holding.length === 0) return null;
  const lists = payments.map((payment) => ({
    payment,
    refunds: refunds.filter(({ paymentId }) => paymentId === payment.id),
  }));
  return (
    <section class="stack" id="refunds">
      <h2>Refunds</h2>
      {lists.map((list) => RefundList({ ...list, ...props }))}
      {holding.map((of) => RefundDisclosure({ of }))}
    </section>
  );
}
