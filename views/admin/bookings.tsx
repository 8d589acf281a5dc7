import { Layout, type Site, type Who } from "../layout.tsx";
import {
  type BookingChoices,
  BookingFilters,
  type BookingQuery,
  BookingSearch,
} from "./booking_filters.tsx";
import { BookingTable } from "./booking_table.tsx";
import { BulkForm } from "./bulk_approvals.tsx";
import { DecisionNotice } from "./decisions.tsx";
import { Pager } from "./list_links.tsx";
import type { Acting } from "./move_forms.tsx";
import { QueueKeys } from "./queue_keys.tsx";
import { SavedFilters } from "./saved_filters.tsx";

type ListProps = {
  query: BookingQuery;
  choices: BookingChoices;
  saved: Parameters<typeof SavedFilters>[0];
  rows: Acting[];
  /** A booking that was decided here a moment ago. */
  decided?: Acting;
  /** The id to go on from; null on the last page. */
  next: number | null;
  currency: string;
  now: number;
};

const PATH = "/admin/bookings";
const further = { newest: "Older", oldest: "Newer", urgency: "Less urgent" };

export function BookingsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Bookings" who={who} live wide>
      <BookingsPanel {...list} />
      <script type="module" src={site.assets.queue} />
    </Layout>
  );
}

export function BookingsPanel(props: ListProps) {
  const { query, next, rows, decided, saved } = props;
  return (
    <section id="bookings" class="stack">
      <div class="list-head">
        <h1>Bookings</h1>
        <QueueKeys />
      </div>
      {decided && <DecisionNotice at={decided} />}
      <div class="list-head">
        <BookingSearch query={query} services={props.choices.services} />
        <SavedFilters {...saved} />
      </div>
      <div class="list-filters">
        <BookingFilters {...props} />
      </div>
      {rows.length === 0 ? <Nothing query={query} /> : <List {...props} />}
      <Pager {...{ path: PATH, query, next }} cursor="page" word={further[query.sort]} />
    </section>
  );
}

const List = ({ rows, now, currency }: ListProps) => (
  <>
    <BookingTable rows={rows} now={now} />
    {rows.some(({ booking }) => booking.status === "pending") && (
      <BulkForm back={rows[0]?.back} currency={currency} />
    )}
  </>
);

function Nothing({ query }: { query: BookingQuery }) {
  const { status, urgency, service, q, assigned, page } = query;
  const others = urgency || service || q || assigned || page;
  if (status === "pending" && !others) return <div class="empty">{nothingWaits}</div>;
  return <div class="empty">{status || others ? nothingFits : nothingYet}</div>;
}

const nothingWaits = (
  <p>
    Nothing waits for review. New bookings appear here as soon as they come in.{" "}
    <a href={PATH}>See all bookings</a>
  </p>
);
const nothingFits = (
  <p>
    No booking fits this. <a href={PATH}>See all bookings</a>
  </p>
);
const nothingYet = (
  <p>
    No bookings yet. They appear here as soon as somebody <a href="/book">books</a>.
  </p>
);
