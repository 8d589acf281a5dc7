import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Credit } from "../../db/bank_statements.ts";
import { readDay } from "../../jobs/statement_days.ts";
import { readMoney } from "../../jobs/statement_values.ts";
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

/** Exports as banks write them: the bank, the file, its currency, and what of it came in. */
const exports: [bank: string, text: string, currency: string, credits: unknown[]][] = [
  [
    "a savings bank's, with what is not booked yet",
    `"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Kundenreferenz (End-to-End)";"Beguenstigter/Zahlungspflichtiger";"Betrag";"Waehrung";"Info"
"DE1";"02.03.26";"03.03.26";"GUTSCHRIFT";"CP2026ABC123";"";"Ann Lee";"149,00";"EUR";"Umsatz gebucht"
"DE1";"04.03.26";"04.03.26";"GUTSCHRIFT";"CP2026ABC124";"";"Bo Lee";"99,00";"EUR";"Umsatz vorgemerkt"`,
    "EUR",
    [["2026-03-03", 14_900, "EUR", "Ann Lee", "CP2026ABC123 GUTSCHRIFT"]],
  ],
  [
    "one whose words are in one cell, with open lines",
    `"Umsätze Girokonto";"Zeitraum: 30 Tage";
"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
"offen";"--";"Überweisung";"Auftraggeber: Bo Lee";"99,00";
"03.03.2026";"03.03.2026";"Überweisung";"Auftraggeber: Ann Lee CP2026ABC123";"1.149,00";`,
    "EUR",
    [["2026-03-03", 114_900, "EUR", null, "Auftraggeber: Ann Lee CP2026ABC123"]],
  ],
  [
    "a British bank's, the day first",
    `Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance
13/03/2026,FPI,'11-22-33,12345678,CP2026ABC123 ANN LEE,,149.00,1149.00
02/03/2026,DD,'11-22-33,12345678,GAS,80.00,,1000.00`,
    "GBP",
    [["2026-03-13", 14_900, "GBP", null, "CP2026ABC123 ANN LEE"]],
  ],
  [
    "an American bank's, the month first",
    `Details,Posting Date,Description,Amount,Type,Balance
CREDIT,03/02/2026,"CP2026ABC123, ANN LEE",149.00,ACH_CREDIT,1149.00
DEBIT,03/01/2026,COFFEE,(5.00),DEBIT_CARD,1000.00`,
    "USD",
    [["2026-03-02", 14_900, "USD", null, "CP2026ABC123, ANN LEE CREDIT"]],
  ],
  [
    "an American bank's in another currency, the month first beyond doubt",
    "Date,Amount\n03/02/2026,1.00\n03/31/2026,2.00\n",
    "EUR",
    [["2026-03-02", 100, "EUR", null, ""], ["2026-03-31", 200, "EUR", null, ""]],
  ],
  [
    "a Dutch bank's, with the side in words",
    `"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"
"20260302","Ann Lee","NL1","NL2","OV","Bij","149,00","Overschrijving","CP2026ABC123"
"20260303","Gas","NL1","NL3","IC","Af","80,00","Incasso","Maart"`,
    "EUR",
    [["2026-03-02", 14_900, "EUR", "Ann Lee", "CP2026ABC123"]],
  ],
  [
    "a French bank's, debit and credit apart",
    "Date;Libellé;Débit euros;Crédit euros;\n02/03/2026;VIR CP2026ABC123;;149,00;\n03/03/2026;GAZ;80,00;;\n",
    "EUR",
    [["2026-03-02", 14_900, "EUR", null, "VIR CP2026ABC123"]],
  ],
  [
    "a Swiss bank's",
    "Datum;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF\n2026-03-02;CP2026ABC123;1'149.00;\n2026-03-03;Gas;;-80.00\n",
    "CHF",
    [["2026-03-02", 114_900, "CHF", null, "CP2026ABC123"]],
  ],
  [
    "an app's, with what was reverted",
    `Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance
TOPUP,Current,2026-03-02 08:00:00,2026-03-02 08:01:00,CP2026ABC123,149.00,0.00,EUR,COMPLETED,149.00
TOPUP,Current,2026-03-02 08:00:00,2026-03-02 08:02:00,CP2026ABC124,99.00,0.00,EUR,REVERTED,149.00`,
    "EUR",
    [["2026-03-02", 14_900, "EUR", null, "CP2026ABC123"]],
  ],
  [
    "an exchange house's, the day first with dashes",
    "ID,Date,Amount,Currency,Payment Reference,Payer Name\nT-1,02-03-2026,149.00,EUR,CP2026ABC123,Ann Lee\n",
    "EUR",
    [["2026-03-02", 14_900, "EUR", "Ann Lee", "CP2026ABC123"]],
  ],
];

for (const [bank, text, currency, credits] of exports) {
  Deno.test(`a CSV as banks export it: ${bank}`, async () => {
    assertEquals((await read(`\ufeff${text}`, currency)).map(facts), credits);
  });
}

Deno.test("a CAMT.053 entry without its status is booked", async () => {
  const plain = camt(entry(one).replace(/<Sts>.*?<\/Sts>/, ""));
  assertEquals(await read(plain), await read(camt(entry(one))));
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

Deno.test("days are read as ISO, German and in the order of their file, and only days that exist", () => {
  const days: [string, string | null][] = [
    ...[["2026-03-02", "2026-03-02"], ["02.03.2026", "2026-03-02"], ["2.3.26", "2026-03-02"]],
    ...[["20260302", "2026-03-02"], ["02/03/2026", "2026-03-02"], ["2-3-26", "2026-03-02"]],
    ...[["2026-02-29", null], ["31.04.2026", null], ["03/31/2026", null], ["02/03-2026", null]],
    ...[["2026-0302", null], ["today", null]],
  ] as [string, string | null][];
  for (const [text, day] of days) assertEquals([text, readDay(text)], [text, day]);
  assert(readDay("2028-02-29"));
  const monthFirst = ["03/31/2026", "03/02/2026", "02.03.2026"];
  assertEquals(monthFirst.map((day) => readDay(day, "month first")), [
    ...["2026-03-31", "2026-03-02", "2026-03-02"],
  ]);
});
