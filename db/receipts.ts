import type { Booking } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import type { ReceiptParty, receipts } from "./schema.ts";

export type Receipt = typeof receipts.$inferSelect;

type Paid = { id: string; currency: string };
type Sum = { amountMinor: number; now: number };

/**
 * The receipt of a payment, for the batch that settles it: the number is taken in the write itself, so that no
 * number is ever missing or there twice. A payment that has one keeps it.
 */
export const receiptFor = (booking: Booking, payment: Paid, sum: Sum): Statement => ({
  sql: `${issue} where not exists (
    select 1 from receipts where kind = 'receipt' and payment_id = ?)`,
  args: [...valuesOf("receipt", booking, { payment, refundId: null, ...sum }), payment.id],
});

/** The credit note of a refund, for the batch in which the money has gone back. */
export const creditNoteFor = (
  booking: Booking,
  of: { payment: Paid; refundId: string } & Sum,
): Statement => ({ sql: issue, args: valuesOf("credit_note", booking, of) });

const issue = `insert into receipts (kind, number, payment_id, refund_id, amount_minor, currency,
    seller, buyer, service_name, issued_at)
  select ?1, 1 + coalesce((select max(number) from receipts where kind = ?1), 0), ?2, ?3, ?4, ?5,
    (select value from settings where key = 'seller'), ?6, ?7, ?8`;

function valuesOf(
  kind: Receipt["kind"],
  booking: Booking,
  { payment, refundId, amountMinor, now }: { payment: Paid; refundId: string | null } & Sum,
) {
  const { clientName: name, clientEmail: email, clientCompany: company, serviceName } = booking;
  const buyer = JSON.stringify({ name, email, company });
  return [kind, payment.id, refundId, amountMinor, payment.currency, buyer, serviceName, now];
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
