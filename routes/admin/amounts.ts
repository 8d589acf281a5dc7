import { z } from "zod";
import { parseAmount } from "../../db/money.ts";
import { isProblem, Problem } from "../../db/problem.ts";

export const amountField = (missing: string) =>
  z.string(missing).trim().min(1, missing).max(20, "Write a shorter amount.");

const choose = "Choose a date.";
export const receivedOnField = z.union([z.literal(""), z.iso.date(choose)], choose).optional()
  .transform((date) => date || undefined);

/** The amount typed into `field`, in minor units. Throws `invalid` that names the field. */
export function amountIn<Name extends string>(
  sent: Record<Name, string>,
  field: Name,
  currency: string,
): number {
  try {
    return parseAmount(sent[field], currency);
  } catch (error) {
    if (isProblem(error, "invalid")) throw new Problem("invalid", error.message, field);
    throw error;
  }
}
