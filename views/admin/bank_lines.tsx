import type { OpenLine, Verdict } from "../../db/bank_lines.ts";
import { type FormState, Hidden } from "../form.tsx";
import { money } from "../format.tsx";
import { Alert } from "../layout.tsx";
import { Reference } from "./list_links.tsx";
import { StatementUpload } from "./statement_upload.tsx";
import { amount, Table } from "./tables.tsx";

export type JudgedLine = OpenLine & { verdict: Verdict };
export type StatementProps = {
  lines: JudgedLine[];
  /** What is wrong with the file that was sent. */
  upload: FormState;
  /** What became of the lines that were confirmed together, where not all were. */
  problems: string[];
};

const PATH = "/admin/payments/statements";

/** The bank's side: statements are uploaded, and each credit of them is matched, by a person. */
export function Statements({ lines, upload, problems }: StatementProps) {
  const exact = lines.filter(({ verdict }) => verdict === "exact");
  return (
    <section id="statements" class="stack">
      <h2>Bank statement</h2>
      {problems.length > 0 && (
        <Alert>
          <ul>{problems.map((problem) => <li>{problem}</li>)}</ul>
        </Alert>
      )}
      <StatementUpload form={upload} open={lines.length === 0} />
      {exact.length > 0 && <ConfirmAll lines={exact} />}
      {lines.length > 0 && <Table columns={columns}>{lines.map(Row)}</Table>}
    </section>
  );
}

const columns = ["Value date", "From", amount("Amount"), "Words", "We found", "Decide"];

function ConfirmAll({ lines }: { lines: JudgedLine[] }) {
  const n = lines.length;
  return (
    <form class="next-step" method="post" action={`${PATH}/confirmation`}>
      {lines.map(({ line }) => <Hidden name="line" value={line.id} />)}
      <p>
        {n === 1 ? "1 line pays" : `${n} lines pay`}{" "}
        exactly what is due for the booking in its words.
      </p>
      <button type="submit" class="primary">
        {n === 1 ? "Confirm this payment" : `Confirm these ${n} payments`}
      </button>
    </form>
  );
}

function Row({ line, verdict, booking, payment }: JudgedLine) {
  return (
    <tr data-bank-line={line.id} data-verdict={verdict}>
      <td>
        <time datetime={line.receivedOn}>{line.receivedOn}</time>
      </td>
      <td class="payer">{line.payer}</td>
      <td class="amount">{money(line.amountMinor, line.currency)}</td>
      <td class="details words">{line.words}</td>
      <td>
        {booking && <Reference of={booking.reference} />}{" "}
        {found({ line, verdict, booking, payment })}
      </td>
      <td class="actions">
        <Decide {...{ line, verdict, booking, payment }} />
      </td>
    </tr>
  );
}

function found({ verdict, payment }: JudgedLine): string {
  const due = payment ? money(payment.amountMinor, payment.currency) : "";
  const words: Record<Verdict, string> = {
    exact: "Matches",
    amount: `Other amount: ${due} is due`,
    currency: `Other currency: ${due} is due`,
    ended: "The transfer it had was over",
    decide: "What came before waits for you",
    paid: "Paid already. Dismiss it, unless it came twice",
    unpaid: "No transfer was begun for it",
    unknown: "Nothing found",
  };
  return words[verdict];
}

function Decide({ line, verdict, booking }: JudgedLine) {
  const path = `${PATH}/lines/${line.id}`;
  const known = ["exact", "amount", "ended", "paid"].includes(verdict);
  const came = money(line.amountMinor, line.currency);
  return (
    <div class="cluster">
      {known
        ? (
          <form method="post" action={`${path}/confirmation`}>
            <Hidden name="reference" value={booking?.reference ?? ""} />
            <button type="submit">
              {verdict === "paid" ? `${came} came on top` : `Confirm ${came}`}
            </button>
          </form>
        )
        : <ForAnother path={path} id={line.id} />}
      <form method="post" action={`${path}/dismissal`}>
        <button type="submit" class="quiet">Dismiss</button>
      </form>
    </div>
  );
}

const ForAnother = ({ path, id }: { path: string; id: number }) => (
  <details class="action">
    <summary>It pays a booking</summary>
    <form class="stack" method="post" action={`${path}/confirmation`}>
      <div class="field">
        <label for={`line-${id}-reference`}>Its reference</label>
        <input
          type="text"
          id={`line-${id}-reference`}
          name="reference"
          placeholder="CP2026ABC123"
          maxlength={40}
          required
        />
      </div>
      <button type="submit">Confirm it for this booking</button>
    </form>
  </details>
);
