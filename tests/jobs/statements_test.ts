import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Credit } from "../../db/bank_statements.ts";
import { readDay, readMoney } from "../../jobs/statement_values.ts";
import { MAX_STATEMENT, readStatement } from "../../jobs/statements.ts";
import { assertProblem } from "../problems.ts";

const read = (text: string, currency = "EUR") =>
  readStatement(new TextEncoder().encode(text), currency);
const facts = ({ receivedOn, amountMinor, currency, payer, words }: Credit) =>
  [receivedOn, amountMinor, currency, payer, words] as const;

const entry = (body: string, amount = "149.00", rest = "<Sts>BOOK</Sts>") =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>${rest}` +
  `<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>` +
  `<AcctSvcrRef>B1</AcctSvcrRef>${body}</Ntry>`;
const camt = (entries: string, version = "02", prefix = "") =>
  `<?xml version="1.0" encoding="UTF-8"?>
<${prefix}Document xmlns${
    prefix ? ":n" : ""
  }="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}">
<${prefix}BkToCstmrStmt><${prefix}Stmt><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>${entries}
</${prefix}Stmt></${prefix}BkToCstmrStmt></${prefix}Document>`;
const details = (body: string) => `<NtryDtls><TxDtls>${body}</TxDtls></NtryDtls>`;
const one = details(`<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
  <RltdPties><Dbtr><Nm>M&#252;ller &amp; Co</Nm></Dbtr></RltdPties>
  <RmtInf><Ustrd>Invoice cp 2026 abc</Ustrd><Ustrd>123 thanks</Ustrd></RmtInf>`);

Deno.test("a CAMT.053 statement gives its booked credits with value date, payer and all words", async () => {
  const [credit, ...more] = await read(camt(entry(one)));
  assertEquals(more, []);
  assertEquals(credit, {
    ...{ account: "DE02120300000000202051", receivedOn: "2026-03-03", currency: "EUR" },
    ...{ amountMinor: 14_900, payer: "Müller & Co", bankRef: "B1" },
    words: "Invoice cp 2026 abc 123 thanks",
  });
});

Deno.test("versions 02 to 08, with and without a prefix: the same credits", async () => {
  const newer = details(`<RltdPties><Dbtr><Pty><Nm>Ann Lee</Nm></Pty></Dbtr></RltdPties>
    <RmtInf><Strd><CdtrRefInf><Ref>CP2026ABC123</Ref></CdtrRefInf></Strd></RmtInf>`);
  const booked = "<Sts><Cd>BOOK</Cd></Sts>";
  const expected = [["2026-03-03", 14_900, "EUR", "Ann Lee", "CP2026ABC123"] as const];
  for (const version of ["02", "04", "06", "08"]) {
    for (const prefix of ["", "n:"]) {
      const found = await read(camt(entry(newer, "149.00", booked), version, prefix));
      assertEquals(found.map(facts), expected, `${version} ${prefix}`);
    }
  }
});

Deno.test("debits, reversals and what is only announced are no credits; several in one entry are each one", async () => {
  const debit = entry(one).replace("CRDT", "DBIT");
  const reversal = entry(one, "149.00", "<RvslInd>true</RvslInd><Sts>BOOK</Sts>");
  const announced = entry(one, "149.00", "<Sts>PDNG</Sts>");
  assertEquals(await read(camt(debit + reversal + announced)), []);

  const part = (amount: string, words: string) =>
    `<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>` +
    `<RmtInf><Ustrd>${words}</Ustrd></RmtInf></TxDtls>`;
  const collected = (sum: string) =>
    entry(`<NtryDtls>${part("100.00", "first")}${part("49.00", "second")}</NtryDtls>`, sum);
  const parts = await read(camt(collected("149.00")));
  assertEquals(parts.map(({ amountMinor, words }) => [amountMinor, words]), [
    [10_000, "first"],
    [4900, "second"],
  ]);
  const fee = await read(camt(collected("148.00")));
  assertEquals(fee.map(({ amountMinor, words }) => [amountMinor, words]), [
    [14_800, "first second"],
  ]);
});

Deno.test("a CSV is read with either separator, in German and English, below the bank's own words", async () => {
  const german = `"Kontoauszug";"DE02 1203 0000 0000 2020 51"

Buchungstag;Valutadatum;Auftraggeber/Empfänger;Verwendungszweck;Kundenreferenz;Betrag (EUR)
02.03.2026;03.03.2026;Müller GmbH;"CP2026ABC123; danke";E2E-1;1.234,56
02.03.2026;03.03.2026;Stadtwerke;Abschlag;;-80,00
04.03.26;;Anna Lee;ohne;;"149,00"
;;;Summe;;1.303,56
`;
  assertEquals((await read(german, "USD")).map(facts), [
    ["2026-03-03", 123_456, "EUR", "Müller GmbH", "CP2026ABC123; danke E2E-1"],
    ["2026-03-04", 14_900, "EUR", "Anna Lee", "ohne"],
  ]);
  const english = `\ufeffDate,Description,Counterparty name,Amount,Currency,Transaction ID
2026-03-02,"cp2026 abc123, thanks",Ann Lee,"1,234.56",USD,T1
2026-03-02T10:00:00Z,fee,Bank,-5.00,USD,T2
2026-03-02,yen,Ken,149,JPY,T3
`;
  assertEquals((await read(english)).map(facts), [
    ["2026-03-02", 123_456, "USD", "Ann Lee", "cp2026 abc123, thanks"],
    ["2026-03-02", 149, "JPY", "Ken", "yen"],
  ]);
  const sides = "Datum;Umsatz;Soll/Haben\n02.03.2026;10,00;H\n02.03.2026;20,00;S\n";
  assertEquals((await read(sides)).map(({ amountMinor }) => amountMinor), [1000]);
  const columns = "Date\tPaid out\tPaid in\n2026-03-02\t5.00\t\n2026-03-02\t\t7.00\n";
  assertEquals((await read(columns)).map(({ amountMinor }) => amountMinor), [700]);
});

Deno.test("the letters of Windows are read as well as UTF-8", async () => {
  const text = "Datum;Betrag;Auftraggeber\n02.03.2026;1,00;M\u00fcller\n";
  const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assertEquals((await readStatement(latin, "EUR"))[0]?.payer, "Müller");
});

const refused: [name: string, text: string, sentence: string][] = [
  ["nothing", "", "This file is empty."],
  ["prose", "Dear bank, where is my money?", "We find no columns"],
  ["broken XML", "<Document><BkToCstmrStmt>", "This file is damaged"],
  ["a page", "<html><body></body></html>", "This is not a CAMT.053 statement."],
  [
    "a CAMT.054",
    camt(entry(one)).replaceAll("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"),
    "not a CAMT",
  ],
  ["entities", `<!DOCTYPE a [<!ENTITY x "y">]>${camt(entry(one))}`, "declares a document type"],
  [
    "hidden entities",
    camt(`<!entity x SYSTEM "file:///etc/passwd">${entry(one)}`),
    "document type",
  ],
  ["a deep tree", "<a>".repeat(60_000) + "</a>".repeat(60_000), "This file is damaged"],
  [
    "an entry without a day",
    camt(entry(one).replace(/<ValDt>.*<\/ValDt>/, "").replace("03-02", "02-30")),
    "no day",
  ],
  ["a day that is none", "Date;Amount\n2026-02-30;1.00\n", "Row 2 has a day or an amount"],
  ["an amount that is none", "Date;Amount\n2026-03-02;1.0.0\n", '"1.0.0"'],
  ["a currency that is none", "Date;Amount;Currency\n2026-03-02;1.00;Euro\n", "Row 2"],
];

for (const [name, text, sentence] of refused) {
  Deno.test(`what is no statement is refused with a sentence: ${name}`, async () => {
    const problem = await assertProblem(read(text), "invalid");
    assertEquals(problem.field, "file");
    assertStringIncludes(problem.message, sentence);
  });
}

Deno.test("a statement has 1 MB and 5,000 credits at most", async () => {
  const line = "2026-03-02;1.00\n";
  assertEquals((await read("Date;Amount\n" + line.repeat(5000))).length, 5000);
  const many = await assertProblem(read("Date;Amount\n" + line.repeat(5001)), "invalid");
  assertStringIncludes(many.message, "5,000");
  const large = new Uint8Array(MAX_STATEMENT + 1).fill(65);
  assertStringIncludes(
    (await assertProblem(readStatement(large, "EUR"), "invalid")).message,
    "1 MB",
  );
});

Deno.test("amounts are read as both habits write them, and nothing else is one", () => {
  const amounts: [string, string, number | null][] = [
    ...[["1.234,56", 123_456], ["1,234.56", 123_456], ["1 234,56", 123_456], ["149", 14_900]],
    ...[["149,5", 14_950], ["1.234", 123_400], ["1,234", 123_400], ["1.234.567", 123_456_700]],
    ...[["+149.00", 14_900], ["-149,00", -14_900], ["149,00-", -14_900], ["0,00", 0]],
    ...[["149,00 EUR", 14_900], ["€ 149.00", 14_900], ["1'234.50", 123_450], ["10.000", 1_000_000]],
    ...[["1.23.4", null], ["1,23,456", null], ["1.234,567", null], ["", null], [".", null]],
    ...[["1e3", null], ["-1-", null], ["12345678901234567890", null], ["1,2.3,4", null]],
  ].map(([text, minor]) => [text, "EUR", minor] as [string, string, number | null]);
  amounts.push(["1.234", "KWD", 1234], ["1.234", "JPY", 1234], ["1.5", "JPY", null]);
  for (const [text, currency, minor] of amounts) {
    assertEquals([text, readMoney(text, currency)], [text, minor]);
  }
});

Deno.test("days are read as ISO and German, and only days that exist", () => {
  const days: [string, string | null][] = [
    ...[["2026-03-02", "2026-03-02"], ["02.03.2026", "2026-03-02"], ["2.3.26", "2026-03-02"]],
    ...[["2026-02-29", null], ["31.04.2026", null], ["03/02/2026", null], ["today", null]],
  ] as [string, string | null][];
  for (const [text, day] of days) assertEquals([text, readDay(text)], [text, day]);
  assert(readDay("2028-02-29"));
});
