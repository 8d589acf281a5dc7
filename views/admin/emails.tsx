import type { MailTroubles } from "../../db/email_lists.ts";
import type { Email } from "../../db/emails.ts";
import type { Template } from "../../db/schema.ts";
import { Hidden } from "../form.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { EmailFilters, type EmailQuery } from "./email_filters.tsx";
import { EmailTable } from "./email_table.tsx";
import { FilterLinks } from "./list_filters.tsx";
import { mailWord } from "../status.tsx";
import { Pager } from "./list_links.tsx";
import { MailAlerts } from "./mail_alerts.tsx";

type ListProps = {
  query: EmailQuery;
  statuses: readonly Email["status"][];
  templates: readonly Template[];
  emails: Email[];
  troubles: MailTroubles;
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

export function EmailsPanel(props: ListProps) {
  const { query, statuses, templates, troubles, next, notice, ...table } = props;
  return (
    <section id="emails" class="stack">
      <div class="list-head">
        <h1>Mails</h1>
        <p class="cluster">
          <a href={`${PATH}/preview`}>How every mail looks</a>
          {table.mayRetry && <a href={`${PATH}/suppressed`}>Addresses that get nothing</a>}
        </p>
      </div>
      {notice && <Alert>{notice}</Alert>}
      <MailAlerts troubles={troubles} />
      <FilterLinks
        {...{ path: PATH, query, name: "status", label: "Status" }}
        options={statuses.map((status) => [status, mailWord(status)])}
      />
      <EmailFilters query={query} templates={templates} />
      {table.emails.length === 0 ? <Nothing /> : <EmailTable {...table} />}
      {table.mayRetry && <ForAll {...props} upTo={table.emails[0]?.id} />}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

/** What may be done with all mails that are failed, or dead, at once. */
function ForAll({ query: { status }, troubles, upTo }: ListProps & { upTo?: number }) {
  if (!upTo || (status !== "failed" && !(status === "dead" && troubles.dead > 0))) return null;
  return (
    <div class="cluster">
      <form method="post" action={`${PATH}/retries`}>
        <Hidden name="up_to" value={upTo} />
        <Hidden name="status" value={status} />
        <button type="submit">Try all of these again</button>
      </form>
      {status === "dead" && <DismissAll upTo={upTo} />}
    </div>
  );
}

const DismissAll = ({ upTo }: { upTo: number }) => (
  <form method="post" action={`${PATH}/dismissal`} class="cluster">
    <Hidden name="up_to" value={upTo} />
    <button type="submit">Dismiss all of these</button>
    <span class="hint">They stay in the list and are no alarm any more.</span>
  </form>
);

const Nothing = () => (
  <div class="empty">
    <p>No mail here. Each change of a booking writes the mails it causes into this list.</p>
  </div>
);
