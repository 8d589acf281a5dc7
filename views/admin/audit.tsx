import type { AuditEntry } from "../../db/audit.ts";
import type { AuditFacts } from "../../db/schema.ts";
import { Hidden } from "../form.tsx";
import { Instant } from "../format.tsx";
import { Icon, Layout, type Site, type Who } from "../layout.tsx";
import { type Filter, FilterLinks, listAddress, SearchField } from "./list_filters.tsx";
import { Pager } from "./list_links.tsx";
import { Table } from "./tables.tsx";

type Query = Filter & { action?: string; subject?: string; actor?: string; before?: number };
type ListProps = {
  query: Query;
  entries: AuditEntry[];
  /** The id to go on from; null on the last page. */
  next: number | null;
  now: number;
  zone: string;
};

const PATH = "/admin/audit";

export function AuditPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Audit log" who={who} wide>
      <AuditPanel {...list} />
    </Layout>
  );
}

export function AuditPanel(props: ListProps) {
  const { query, entries, next } = props;
  return (
    <section id="audit" class="stack">
      <h1>Audit log</h1>
      <FilterLinks {...{ path: PATH, query, name: "action", label: "About", options: kinds }} />
      <FilterForm query={query} />
      {entries.length === 0 ? <Nothing /> : <Entries {...props} />}
      <Pager {...{ path: PATH, query, next }} cursor="before" />
    </section>
  );
}

const kinds: [string, string][] = [
  ...[["booking.", "Bookings"], ["payment.", "Payments"], ["email.", "Mails"]],
  ...[["service.", "Services"], ["team.", "Team"], ["sign_in", "Sign-ins"]],
] as [string, string][];

function FilterForm({ query }: { query: Query }) {
  const { action, subject, actor } = query;
  return (
    <form class="cluster search" role="search" action={PATH}>
      {actor && <Hidden name="actor" value={actor} />}
      <SearchField name="action" label="Action" value={action} />
      <SearchField name="subject" label="Subject" value={subject} />
      <button type="submit">Filter</button>
      {(action || subject || actor) && (
        <a href={PATH}>Show everything{actor && `, not only ${actor}`}</a>
      )}
    </form>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>
      Nothing of this kind is recorded. <a href={PATH}>Show everything</a>
    </p>
  </div>
);

const columns = ["When, request", "Who", "Action", "Subject", "What changed"];

const Entries = ({ entries, ...shown }: ListProps) => (
  <Table columns={columns}>{entries.map((entry) => Row({ entry, ...shown }))}</Table>
);

type RowProps = Omit<ListProps, "entries" | "next"> & { entry: AuditEntry };

/** Who, what and to what each lead to all else of the same kind. */
function Row({ entry, query, now, zone }: RowProps) {
  const { id, action, subject } = entry;
  const only = (change: Filter) => listAddress(PATH, query, change);
  return (
    <tr data-audit-id={id} data-action={action}>
      <When {...{ entry, now, zone }} />
      <Actor {...{ entry, only }} />
      <td>
        <a href={only({ action })}>{action}</a>
      </td>
      <td>
        <a href={only({ subject })}>{subject}</a>
      </td>
      <td class="before-after">
        <Facts before={entry.before ?? {}} after={entry.after ?? {}} />
      </td>
    </tr>
  );
}

/** With the request that it came of, as the log of the server names it, and the hash of the address it came from. */
const When = ({ entry, now, zone }: Omit<RowProps, "query">) => (
  <td>
    <Instant at={entry.at} {...{ now, zone }} bare />
    {entry.requestId && (
      <div class="hint origin">
        <code title={entry.requestId}>{entry.requestId.slice(0, 8)}</code> {entry.addressHash}
      </div>
    )}
  </td>
);

type ActorProps = { entry: AuditEntry; only: (change: Filter) => string };

function Actor({ entry: { actorKind, actorId, actorName }, only }: ActorProps) {
  const actor = actorId === null ? actorKind : `${actorKind} ${actorId}`;
  return (
    <td class="clipped">
      <div>{actorId === null ? actorName : <a href={only({ actor })}>{actorName}</a>}</div>
      <div class="hint">{actor}</div>
    </td>
  );
}

/** What was and what is, each fact once. */
const Facts = ({ before, after }: Record<"before" | "after", AuditFacts>) => (
  <>
    {[...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => (
      <span class="fact">
        <span class="hint">{name}</span> <Fact {...{ before, after, name }} />
      </span>
    ))}
  </>
);

function Fact({ before, after, name }: Record<"before" | "after", AuditFacts> & { name: string }) {
  const [was, is] = [before, after].map((facts) => name in facts ? facts[name] ?? "-" : null);
  if (was === null || is === null || was === is) return <>{String(is ?? was)}</>;
  return (
    <>
      {String(was)} <Icon name="arrow-right" />
      <span class="visually-hidden">became</span> {String(is)}
    </>
  );
}
