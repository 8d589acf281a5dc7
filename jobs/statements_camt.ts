import type { Credit } from "../db/bank_statements.ts";
import { readDay } from "./statement_days.ts";
import { readMoney, unreadable } from "./statement_values.ts";

/** Elements that a statement may have more than once. */
const lists = ["Stmt", "Ntry", "NtryDtls", "TxDtls", "Ustrd", "Strd"];

/**
 * The booked credits of a CAMT.053 statement, versions 02 to 08 (ISO 20022, bank to customer statement). Throws
 * `invalid`. A file with a document type is refused unread: only attacks need entities of their own.
 */
export async function readCamt(xml: string): Promise<Credit[]> {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) {
    throw unreadable("This file declares a document type, which no bank's statement does.");
  }
  const statements = listAt(await parsed(xml), "Document", "BkToCstmrStmt", "Stmt");
  if (statements.length === 0) {
    throw unreadable("This is not a CAMT.053 statement. Choose camt.053 or CSV at your bank.");
  }
  return statements.flatMap((statement) => {
    const account = textAt(statement, "Acct", "Id", "IBAN") ||
      textAt(statement, "Acct", "Id", "Othr", "Id");
    return listAt(statement, "Ntry").filter(isCredit).flatMap((entry) => creditsOf(entry, account));
  });
}

async function parsed(xml: string): Promise<unknown> {
  const { XMLParser } = await import("fast-xml-parser");
  const parser = new XMLParser({
    ...{ removeNSPrefix: true, parseTagValue: false, htmlEntities: true },
    ...{ ignoreAttributes: false, attributeNamePrefix: "@" },
    isArray: (name: string) => lists.includes(name),
  });
  try {
    return parser.parse(xml, true);
  } catch {
    throw unreadable("This file is damaged: it is no well-formed XML. Download it once more.");
  }
}

/** Money that is booked and stays: no debit, none that is only announced, none that takes a debit back. */
const isCredit = (entry: unknown) =>
  textAt(entry, "CdtDbtInd") === "CRDT" && textAt(entry, "RvslInd") !== "true" &&
  (textAt(entry, "Sts") || textAt(entry, "Sts", "Cd") || "BOOK") === "BOOK";

/** An entry is one payment, or several that the bank booked as one sum. */
function creditsOf(entry: unknown, account: string): Credit[] {
  const parts = listAt(entry, "NtryDtls").flatMap((details) => listAt(details, "TxDtls"));
  const whole = amountOf(entry);
  const sums = parts.map((part) => amountOf(part) ?? amountOf(nodeAt(part, "AmtDtls", "TxAmt")));
  const adds = sums.reduce<number>((sum, part) => sum + (part?.minor ?? Number.NaN), 0);
  const receivedOn = dayOf(entry);
  if (!whole || !receivedOn) {
    throw unreadable("An entry of this statement has no amount or no day.");
  }
  const own = { account, receivedOn, currency: whole.currency };
  if (parts.length < 2 || adds !== whole.minor) {
    return [{ ...own, amountMinor: whole.minor, ...about([...parts, entry]) }];
  }
  return parts.map((part, at) => ({
    ...own,
    amountMinor: sums[at]?.minor ?? 0,
    ...about([part, entry]),
  })).filter(({ amountMinor }) => amountMinor > 0);
}

function amountOf(node: unknown): { minor: number; currency: string } | null {
  const currency = textAt(node, "Amt", "@Ccy");
  const minor = /^[A-Z]{3}$/.test(currency) ? readMoney(textAt(node, "Amt"), currency) : null;
  return minor !== null && minor > 0 ? { minor, currency } : null;
}

const dayOf = (entry: unknown) =>
  ["ValDt", "BookgDt"].flatMap((name) => [textAt(entry, name, "Dt"), textAt(entry, name, "DtTm")])
    .map((day) => readDay(day)).find((day) => day !== null);

/** Who paid and what for: of the payment itself, and where that says nothing of the entry. */
function about(nodes: unknown[]): Pick<Credit, "payer" | "words" | "bankRef"> {
  const first = (...paths: string[][]) =>
    nodes.flatMap((node) => paths.map((path) => textAt(node, ...path))).find((text) => text) ?? "";
  const party = (name: string) => [["RltdPties", name, "Nm"], ["RltdPties", name, "Pty", "Nm"]];
  return {
    payer: first(...party("UltmtDbtr"), ...party("Dbtr")) || null,
    words: nodes.flatMap(wordsOf).join(" "),
    bankRef: first(["Refs", "AcctSvcrRef"], ["AcctSvcrRef"], ["Refs", "TxId"]),
  };
}

function wordsOf(node: unknown): string[] {
  const structured = listAt(node, "RmtInf", "Strd");
  return [
    ...listAt(node, "RmtInf", "Ustrd").map((line) => textAt(line)),
    ...structured.map((line) => textAt(line, "CdtrRefInf", "Ref")),
    textAt(node, "Refs", "EndToEndId").replace(/^NOTPROVIDED$/, ""),
    textAt(node, "AddtlTxInf"),
    textAt(node, "AddtlNtryInf"),
  ].filter((words) => words !== "");
}

/** What is at the end of a path of elements; nothing where one of them is missing. */
function nodeAt(node: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : "",
    node,
  );
}

const listAt = (node: unknown, ...path: string[]): unknown[] => {
  const found = nodeAt(node, ...path);
  return Array.isArray(found) ? found : [];
};

/** The text of an element; of one with attributes it lies a level deeper. */
function textAt(node: unknown, ...path: string[]): string {
  const found = nodeAt(node, ...path);
  const text = typeof found === "object" ? nodeAt(found, "#text") : found;
  return typeof text === "string" ? text.trim() : "";
}
