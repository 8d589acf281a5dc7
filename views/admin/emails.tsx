import type { Email } from "../../db/emails.ts";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { EmailTable } from "./email_table.tsx";
import { type Filter, FilterLinks } from "./list_filters.tsx";
import { Pager } from "./list_links.tsx";

type ListProps = {
  query: Filter & { status?: Email["status"]; before?: number };
  statuses: readonly Email["status"][];
  emails: Email[];
  /** The id to go on from; null on the last page. */
  next: number | null;
  notice?: string;
  now: number;
  zone: string;
  mayRetry: boolean;
};

const PATH = "/admin/emails";

export function EmailsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Mails" who={who} live wide>
      <EmailsPanel {...list} />
    </Layout>
  );
}

export function EmailsPanel({ query, statuses, next, notice, ...table }: ListProps) {
  return (
    <section id="emails" class="stack">
      <h1>Mails</h1>
      {notice && <Alert>{notice}</Alert>}
      <FilterLinks
        {...{ path: PATH, query, name: "status", label: "Status" }}
        options={statuses.map((status) => [status, status])}
      />
      {table.emails.length === 0 ? <Nothing /> : <EmailTable {...table} />}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>No mail here. Each change of a booking writes the mails it causes into this list.</p>
  </div>
);
