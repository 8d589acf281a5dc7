import type { Credit } from "../db/bank_statements.ts";
import { type DayOrder, dayOrderOf, readDay } from "./statement_days.ts";
import { readMoney, unreadable } from "./statement_values.ts";

/**
 * How banks head their columns in English, German, French and Dutch, as lower-case letters alone; a currency behind
 * the name, as in "Betrag (EUR)", is set aside. Of several that fit, the first that is filled in is taken; of
 * `words` all.
 */
const names = {
  day: [
    ...[
      "valuta",
      "valutadatum",
      "wertstellung",
      "wertstellungsdatum",
      "wertstellungvaluta",
      "wert",
    ],
    ...["valuedate", "datedevaleur", "datevaleur", "rentedatum"],
    ...["buchungstag", "buchungsdatum", "buchung", "datum", "dateopération", "dateoperation"],
    ...["date", "bookingdate", "transactiondate", "completeddate", "datecompleted", "dateposted"],
    ...["postingdate"],
  ],
  amount: [
    ...["betrag", "betragin", "umsatz", "umsatzin", "gutschrift", "gutschriftin", "haben"],
    ...["amount", "credit", "creditamount", "paidin", "moneyin", "value"],
    ...["montant", "crédit", "créditeuros", "crediteuros", "bedrag"],
  ],
  currency: ["waehrung", "währung", "currency", "ccy", "devise", "munt"],
  side: ["sollhaben", "sh", "creditdebit", "debitcredit", "creditdebitindicator", "afbij"],
  state: ["state", "status", "info"],
  payer: [
    ...["zahlungspflichtiger", "zahlungspflichtigerin", "auftraggeber", "auftraggeberempfaenger"],
    ...["auftraggeberempfänger", "begünstigterauftraggeber", "beguenstigterzahlungspflichtiger"],
    ...["begünstigterzahlungspflichtiger", "namezahlungsbeteiligter", "naamomschrijving"],
    ...["naamtegenpartij", "payer", "payername", "counterparty", "counterpartyname", "sender"],
    ...["partnername", "name"],
  ],
  words: [
    ...["verwendungszweck", "zweck", "betreff", "kundenreferenz", "kundenreferenzendtoend"],
    ...["buchungstext", "buchungsinfo", "zahlungsreferenz", "avisierungstext"],
    ...["description", "details", "memo", "narrative", "reference", "paymentreference"],
    ...["transactiondescription", "remittanceinformation", "endtoendreference", "message", "notes"],
    ...["libellé", "libelle", "mededelingen", "omschrijving"],
  ],
  bankRef: ["transactionid", "transaktionsid", "bankreference", "bankreferenz", "id"],
  account: ["auftragskonto", "ibanauftragskonto", "account", "accountnumber", "accountiban"],
} as const;

type Field = keyof typeof names;
/** In which columns each field is; `money` is the currency that the amount's column names. */
type Head = Record<Field, number[]> & { money: string | null };

/** How many lines with the bank's own words may stand above the columns' names. */
const PREAMBLE = 30;

/** The credits of a bank's CSV. `currency` is that of lines that name none. Throws `invalid`. */
export async function readCsv(text: string, currency: string): Promise<Credit[]> {
  for (const delimiter of [";", ",", "\t"]) {
    const rows = await rowsOf(text, delimiter);
    const heads = rows.slice(0, PREAMBLE).map(headOf);
    const at = heads.findIndex((head) => head !== null);
    const head = heads[at];
    if (!head) continue;
    const lines = rows.slice(at + 1);
    const order = dayOrderOf(lines.flatMap((row) => filled(row, head, "day")), currency);
    return lines.flatMap((row, i) => creditOf(row, head, { line: at + i + 2, currency, order }));
  }
  throw unreadable(
    "We find no columns for the day and the amount, or a quoted cell does not end. " +
      "Above the lines there must be names, like Date;Amount;Reference.",
  );
}

async function rowsOf(text: string, delimiter: string): Promise<string[][]> {
  const { parse } = await import("csv-parse/sync");
  const loose = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true };
  try {
    return parse(text, { delimiter, bom: true, trim: true, ...loose });
  } catch {
    // Another delimiter may fit; where none does, the reader is told.
    return [];
  }
}

function headOf(row: string[]): Head | null {
  const cells = row.map((cell) => cell.replace(CODE, "").toLowerCase().replace(/[^\p{L}]/gu, ""));
  const columns = (field: Field) =>
    names[field].flatMap((name) => cells.flatMap((cell, at) => cell === name ? [at] : []));
  const head = Object.fromEntries((Object.keys(names) as Field[]).map((f) => [f, columns(f)]));
  const { day, amount } = head;
  if (!day?.length || !amount?.length) return null;
  const money = CODE.exec(row[amount[0] ?? 0] ?? "")?.[1] ?? null;
  return { ...head as Record<Field, number[]>, money };
}

/** A currency behind the name of a column. */
const CODE = /[\s(]+([A-Z]{3})\)?$/;

/** What a line has in the columns of a field. */
const filled = (row: string[], head: Head, field: Field) =>
  head[field].flatMap((n) => row[n] || []);

/** A line that is not money yet, or never became any. */
const UNBOOKED = /vorgemerkt|^offen$|pending|declined|failed|revert|cancel/i;

const isUnbooked = (row: string[], head: Head) =>
  [...filled(row, head, "state"), ...filled(row, head, "day")].some((cell) => UNBOOKED.test(cell));

type At = { line: number; currency: string; order: DayOrder };

/** One line of the file; none for a debit, for what is not booked yet, and for sums below. */
function creditOf(row: string[], head: Head, at: At): Credit[] {
  const first = (field: Field) => filled(row, head, field)[0] ?? "";
  const [typed, day] = [first("amount"), first("day")];
  if (!typed || !day || isUnbooked(row, head)) return [];
  const currency = (first("currency") || head.money || at.currency).toUpperCase();
  const receivedOn = readDay(day, at.order);
  const minor = /^[A-Z]{3}$/.test(currency) ? readMoney(typed, currency) : null;
  if (receivedOn === null || minor === null) {
    const [read, cells] = [at.line, [day, typed].map((cell) => `"${cell.slice(0, 40)}"`)];
    throw unreadable(
      `Row ${read} has a day or an amount that we cannot read: ${cells.join(", ")}.`,
    );
  }
  if (minor <= 0 || /^(s|d|af)/i.test(first("side"))) return [];
  const words = filled(row, head, "words").join(" ");
  return [{
    ...{ account: first("account"), bankRef: first("bankRef"), receivedOn, currency },
    ...{ amountMinor: minor, payer: first("payer") || null, words },
  }];
}
