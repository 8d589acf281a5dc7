import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import type { ReceiptParty, receipts } from "./schema.ts";

export type Receipt = typeof receipts.$inferSelect;

type Of = { paymentId: string; refundId?: string; now: number };
type Refunded = { payment: { id: string }; refundId: string; now: number };

/**
 * The receipt of what came of a payment and is on none yet, for the batch in which it counts: it settles, is a
 * part of the price, comes on top of it, or goes back. What only waits for a decision has none: a person may
 * still find that it never came. So the receipts of a payment are what came, to the unit.
 */
export const receiptFor = (booking: Booking, payment: { id: string }, now: number): Statement =>
  issue("receipt", booking, { paymentId: payment.id, now, amount: unreceipted });

/** The credit note of a refund, for the batch in which the money has gone back. */
export const creditNoteFor = (booking: Booking, { payment, ...of }: Refunded): Statement =>
  issue("credit_note", booking, { paymentId: payment.id, ...of, amount: refunded });

/** A receipt that voids a credit note: the money of that refund is here again. */
export const voidingReceiptFor = (booking: Booking, { payment, ...of }: Refunded): Statement =>
  issue("receipt", booking, { paymentId: payment.id, ...of, amount: refunded });

const unreceipted = `received_minor - (select coalesce(sum(amount_minor), 0) from receipts
  where payment_id = payments.id and kind = 'receipt' and refund_id is null)`;
const refunded = "(select amount_minor from refunds where id = :refund)";

/** The number is taken in the write itself, so that none is ever missing or there twice. */
function issue(kind: Receipt["kind"], booking: Booking, of: Of & { amount: string }): Statement {
  const { clientName: name, clientEmail: email, clientCompany: company, serviceName } = booking;
  return {
    sql: `insert into receipts (kind, number, payment_id, refund_id, amount_minor, currency,
        seller, buyer, service_name, issued_at)
      select :kind, 1 + coalesce((select max(number) from receipts where kind = :kind), 0), id,
        :refund, ${of.amount}, currency, (select value from settings where key = 'seller'),
        :buyer, :service, :now
      from payments where id = :payment and ${of.amount} > 0`,
    args: {
      ...{ kind, payment: of.paymentId, refund: of.refundId ?? null, now: of.now },
      ...{ buyer: JSON.stringify({ name, email, company }), service: serviceName },
    },
  };
}

/** Who issues receipts from now on; those that are issued stay as they are. */
export async function keepSeller(db: Db, seller: ReceiptParty) {
  const value = JSON.stringify(seller);
  await commit(db, [{
    sql: `insert into settings (key, value) values ('seller', ?)
      on conflict (key) do update set value = excluded.value where value <> excluded.value`,
    args: [value],
  }]);
}
