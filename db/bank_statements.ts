import { auditedIfDone } from "./audit.ts";
import type { BankLine } from "./bank_lines.ts";
import type { Change } from "./booking_moves.ts";
import { commit, type Db } from "./client.ts";
import { referencesIn } from "./reference.ts";

/** Money that came in, as a statement says it. `amountMinor` is in minor units of `currency`. */
export type Credit =
  & Pick<BankLine, "receivedOn" | "amountMinor" | "currency" | "payer" | "words">
  & { account: string; bankRef: string };
/** Letters of a payer or of words that are kept. */
const LONGEST = 500;

/**
 * Keeps the credits of a statement, each once however often it is uploaded, and finds the booking whose
 * reference is among its words. Returns how many are new.
 */
export async function keepCredits(
  db: Db,
  credits: Credit[],
  by: Change & { file: string },
): Promise<number> {
  if (credits.length === 0) return 0;
  const rows = JSON.stringify(await keyed(credits));
  const [added = 0] = await commit(db, [
    {
      sql:
        `insert into bank_lines (key, received_on, amount_minor, currency, payer, words, booking_id, created_at)
        select l.value ->> 'key', l.value ->> 'receivedOn', l.value ->> 'amountMinor', l.value ->> 'currency',
          l.value ->> 'payer', l.value ->> 'words', (select max(id) from service_bookings
            where reference in (select value from json_each(l.value -> 'references'))), ?
        from json_each(?) l where true on conflict (key) do nothing`,
      args: [by.now, rows],
    },
    auditedIfDone(by, {
      action: "statement.keep",
      subject: by.file,
      after: { credits: credits.length },
    }),
  ]);
  return added;
}

/**
 * Equal lines of one statement are told apart by their count: banks list a day always whole, so the second of
 * two is the second again in the next statement that overlaps.
 */
async function keyed(credits: Credit[]) {
  const seen = new Map<string, number>();
  return await Promise.all(credits.map(async (credit) => {
    const text = JSON.stringify(Object.entries(credit).sort());
    const count = (seen.get(text) ?? 0) + 1;
    seen.set(text, count);
    const hash = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(`${count} ${text}`),
    );
    const words = credit.words.slice(0, LONGEST);
    const payer = credit.payer?.slice(0, LONGEST) ?? null;
    const key = new Uint8Array(hash).toHex();
    return { ...credit, words, payer, key, references: referencesIn(credit.words) };
  }));
}
