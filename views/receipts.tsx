import type { ReceiptFile } from "../db/receipt_finders.ts";
import type { Receipt } from "../db/receipts.ts";
import { Instant, money } from "./format.tsx";
import { Layout, type Site, type Who } from "./layout.tsx";
import { receiptName, type ReceiptSheet, receiptTitle, sheetOf } from "./receipt_words.ts";

export type ReceiptProps = { file: ReceiptFile; base: string; zone: string };

export function ReceiptPage(props: ReceiptProps & { site: Site; who?: Who }) {
  const { site, who, file } = props;
  return (
    <Layout {...{ site, who }} title={receiptTitle(file.receipt)} live>
      <ReceiptPanel {...props} />
    </Layout>
  );
}

/** A receipt or credit note: on paper it is all that the page prints. */
export function ReceiptPanel({ file, base, zone }: ReceiptProps) {
  const sheet = sheetOf(file, zone);
  return (
    <section class="stack" id="receipt">
      <Sheet sheet={sheet} />
      <p class="cluster">
        <a class="button primary" href={pathOf(base, file.receipt, ".pdf")} download>
          Download as PDF
        </a>
        <a class="button" href={base}>Back to the booking</a>
      </p>
    </section>
  );
}

const pathOf = (base: string, receipt: Pick<Receipt, "kind" | "number">, ending = "") =>
  `${base}/receipts/${receiptName(receipt)}${ending}`;

function Sheet({ sheet }: { sheet: ReceiptSheet }) {
  return (
    <article class="receipt">
      <header>
        <h1>{sheet.title}</h1>
        <p class="hint">{sheet.date}</p>
      </header>
      <div class="pair">
        <Party label="From" lines={sheet.seller} />
        <Party label="To" lines={sheet.buyer} />
      </div>
      <Sum sheet={sheet} />
      <dl class="facts">{sheet.facts.map(Fact)}</dl>
      <p class="hint">{sheet.closing}</p>
    </article>
  );
}

const Sum = ({ sheet: { service, about, total } }: { sheet: ReceiptSheet }) => (
  <dl class="receipt-sum">
    <div>
      <dt>
        {service}
        <span class="hint">{about}</span>
      </dt>
      <dd>{total.amount}</dd>
    </div>
    <div>
      <dt>{total.label}</dt>
      <dd>{total.amount}</dd>
    </div>
  </dl>
);

const Fact = ([label, value]: [string, string]) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

const Party = ({ label, lines }: { label: string; lines: string[] }) => (
  <div>
    <h2>{label}</h2>
    {lines.map((line) => <p>{line}</p>)}
  </div>
);

type ListProps = { receipts: Receipt[]; base: string; now: number; zone: string };

/** The papers of a booking, each with its PDF. */
export function ReceiptList({ receipts, ...props }: ListProps) {
  if (receipts.length === 0) return null;
  return (
    <section class="stack" id="receipts">
      <h2>Receipts</h2>
      <ul class="list">{receipts.map((receipt) => ReceiptRow({ receipt, ...props }))}</ul>
    </section>
  );
}

type RowProps = Omit<ListProps, "receipts"> & { receipt: Receipt };

const ReceiptRow = ({ receipt, base, now, zone }: RowProps) => (
  <li class="list-row">
    <a href={pathOf(base, receipt)}>{receiptTitle(receipt)}</a>
    <span>{money(receipt.amountMinor, receipt.currency)}</span>
    <Instant {...{ at: receipt.issuedAt, now, zone }} />
    <a href={pathOf(base, receipt, ".pdf")} download>PDF</a>
  </li>
);
