import type { PaymentFile } from "../../db/payment_lists.ts";

const columns = [
  ...["reference", "client", "service", "method", "status", "currency", "asked_for", "came_in"],
  ...["sent_back", "received_on", "bank_reference", "reason", "provider_reference", "begun_at"],
  ...["changed_at", "payment"],
];

/**
 * Payments as lines of CSV (RFC 4180), the names of the columns above the first ones. Amounts are plain decimals,
 * instants ISO 8601 in UTC. What a table program would take for a formula is written as text.
 */
export async function csvLines(files: PaymentFile[], first: boolean): Promise<string> {
  const { stringify } = await import("csv-stringify/sync");
  return stringify(files.map(cellsOf), {
    ...{ header: first, columns, bom: first, escape_formulas: true, record_delimiter: "\r\n" },
  });
}

function cellsOf({ payment, booking }: PaymentFile): (string | null)[] {
  const { currency, amountMinor, receivedMinor, refundedMinor } = payment;
  const decimal = (minor: number | null) => minor === null ? null : plain(minor, currency);
  return [
    ...[booking.reference, booking.clientName, booking.serviceName, payment.method, payment.status],
    ...[currency, decimal(amountMinor), decimal(receivedMinor), decimal(refundedMinor)],
    ...[payment.receivedOn, payment.reference, payment.reason, payment.providerRef],
    ...[payment.createdAt, payment.updatedAt].map((at) => new Date(at).toISOString()),
    payment.id,
  ];
}

/** 14900 USD as "149.00". */
function plain(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return (minor / 10 ** decimals).toFixed(decimals);
}
