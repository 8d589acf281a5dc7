import type { StopReason, Suppression } from "../../db/suppressions.ts";
import { ErrorSummary, type FormState, Hidden, Input, Select } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { errorWords } from "./email_words.ts";
import { Pager } from "./list_links.tsx";
import { Table, TimeCell } from "./tables.tsx";

type ListProps = {
  query: { before?: number };
  addresses: Suppression[];
  /** The instant to go on from; null on the last page. */
  next: number | null;
  form: FormState;
  now: number;
  zone: string;
};

const PATH = "/admin/emails/suppressed";

export function SuppressedPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Addresses that get nothing" who={who} live wide>
      <SuppressedPanel {...list} />
    </Layout>
  );
}

export function SuppressedPanel({ query, addresses, next, form, now, zone }: ListProps) {
  return (
    <section id="suppressed" class="stack">
      <p>
        <a href="/admin/emails">All mails</a>
      </p>
      <h1>Addresses that get nothing</h1>
      <ErrorSummary form={form} />
      {addresses.length === 0
        ? <Nothing />
        : (
          <Table columns={["Since", "Address", "Why", "Action"]}>
            {addresses.map((row) => Row({ row, now, zone }))}
          </Table>
        )}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
      <StopForm form={form} />
    </section>
  );
}

const Row = ({ row, now, zone }: { row: Suppression; now: number; zone: string }) => (
  <tr data-address={row.email}>
    <TimeCell at={row.at} now={now} zone={zone} />
    <td>{row.email}</td>
    <td>{errorWords(row.reason)}</td>
    <td>
      <form method="post" action={`${PATH}/release`}>
        <Hidden name="email" value={row.email} />
        <button type="submit">Allow again</button>
      </form>
    </td>
  </tr>
);

const reasons: [StopReason, string][] = [
  ["asked", "Its owner wants no mail"],
  ["bounced", "Mail to it comes back"],
  ["complained", "Its owner complained"],
];

/** For what our server or provider does not tell us by itself, such as a mail that came back hours later. */
const StopForm = ({ form }: { form: FormState }) => (
  <form method="post" action={PATH} class="stack narrow">
    <h2>Stop mail to an address</h2>
    <Input name="email" label="Address" type="email" maxlength={254} form={form} required />
    <Select name="reason" label="Why" form={form} required>
      {reasons.map(([reason, words]) => (
        <option value={reason} selected={reason === form.values.reason}>{words}</option>
      ))}
    </Select>
    <button type="submit">Stop mail to it</button>
  </form>
);

const Nothing = () => (
  <div class="empty">
    <p>
      Every address gets mail. One that its server does not know, that mail comes back from or whose
      owner complains appears here.
    </p>
  </div>
);
