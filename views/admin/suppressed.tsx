import type { Suppression } from "../../db/suppressions.ts";
import { Hidden } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { errorWords } from "./email_words.ts";
import { Pager } from "./list_links.tsx";
import { Table, TimeCell } from "./tables.tsx";

type ListProps = {
  query: { before?: number };
  addresses: Suppression[];
  /** The instant to go on from; null on the last page. */
  next: number | null;
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

export function SuppressedPanel({ query, addresses, next, now, zone }: ListProps) {
  return (
    <section id="suppressed" class="stack">
      <p>
        <a href="/admin/emails">All mails</a>
      </p>
      <h1>Addresses that get nothing</h1>
      {addresses.length === 0
        ? <Nothing />
        : (
          <Table columns={["Since", "Address", "Why", "Action"]}>
            {addresses.map((row) => Row({ row, now, zone }))}
          </Table>
        )}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
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

const Nothing = () => (
  <div class="empty">
    <p>Every address gets mail. One that its server says does not exist appears here.</p>
  </div>
);
