import { z } from "zod";
import { parseAmount } from "../../db/money.ts";
import { isProblem, Problem } from "../../db/problem.ts";

export const amountField = (missing: string) =>
  z.string(missing).trim().min(1, missing).max(20, "Write a shorter amount.");

const choose = "Choose a date.";
export const receivedOnField = z.union([z.literal(""), z.iso.date(choose)], choose).optional()
  .transform((date) => date || undefined);

/** How far ahead a bank may date money that is here, over a long weekend: milliseconds. */
const AHEAD = 5 * 86_400_000;

/** The value date typed, if any. Throws `invalid` on `received_on` for one that no bank would write at `now`. */
export function receivedOnIn({ received_on: date }: { received_on?: string }, now: number) {
  if (date === undefined || Date.parse(date) <= now + AHEAD) return date;
  throw new Problem("invalid", "Choose the day it came: this one is yet to come.", "received_on");
}

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
