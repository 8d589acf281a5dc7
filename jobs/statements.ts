import type { Credit } from "../db/bank_statements.ts";
import { unreadable } from "./statement_values.ts";
import { readCamt } from "./statements_camt.ts";
import { readCsv } from "./statements_csv.ts";

/** The most bytes and credits that one statement may have. */
export const MAX_STATEMENT = 1024 * 1024;
const MAX_CREDITS = 5000;

/**
 * The credits of a bank statement, CAMT.053 or CSV; debits are left out. `currency` is taken where a CSV names
 * none. Throws `invalid` on the field `file` for what cannot be read from the first line to the last: money that
 * is left out would be missed by nobody.
 */
export async function readStatement(bytes: Uint8Array, currency: string): Promise<Credit[]> {
  if (bytes.length === 0) throw unreadable("This file is empty.");
  if (bytes.length > MAX_STATEMENT) {
    throw unreadable("This file is larger than 1 MB. Export a shorter period.");
  }
  const text = decoded(bytes).trim();
  const credits = text.startsWith("<") ? await readCamt(text) : await readCsv(text, currency);
  if (credits.length > MAX_CREDITS) {
    throw unreadable("There are more than 5,000 credits in this file. Export a shorter period.");
  }
  return credits;
}

/** Most banks write UTF-8, some still the Latin letters of Windows. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
