import { z } from "zod";
import type { PaymentCursor, PaymentFilter } from "../../db/payment_lists.ts";
import { readReference } from "../../db/reference.ts";
import { paymentMethods, paymentStatuses } from "../../db/schema.ts";
import { startOfDay } from "./days.ts";

const day = z.iso.date().optional().catch(undefined);
/** Nonsense in an address narrows nothing; a reference that is none finds nothing. */
const query = z.object({
  status: z.enum(paymentStatuses).optional().catch(undefined),
  method: z.enum(paymentMethods).optional().catch(undefined),
  q: z.string().trim().max(40).transform((text) => text || undefined).optional().catch(undefined),
  ...{ from: day, to: day },
  before: z.string().regex(/^\d{1,15}\.[\w-]{1,40}$/).optional().catch(undefined),
});

export type AskedPayments = z.infer<typeof query>;
export const readQuery = (search: Record<string, string>): AskedPayments => query.parse(search);

/** What is asked of the database; both days count whole, by the agency's clocks. */
export function filterOf(asked: AskedPayments, zone: string): PaymentFilter {
  const { status, method, q, from, to } = asked;
  return {
    ...{ status, method },
    from: from === undefined ? undefined : startOfDay(from, zone),
    until: to === undefined ? undefined : startOfDay(to, zone, 1),
    reference: q === undefined ? undefined : readReference(q) ?? "",
  };
}

export function cursorOf({ before }: AskedPayments): PaymentCursor | undefined {
  const [updatedAt, id] = before?.split(".") ?? [];
  return updatedAt && id ? { updatedAt: Number(updatedAt), id } : undefined;
}

/** Whether the list is asked for as it is, from its beginning. */
export const isWhole = (asked: AskedPayments) =>
  Object.values(asked).every((value) => value === undefined);
