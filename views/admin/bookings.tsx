import { Layout, type Site, type Who } from "../layout.tsx";
import { type BookingChoices, BookingFilters, type BookingQuery } from "./booking_filters.tsx";
import { BookingRow } from "./booking_row.tsx";
import { Pager } from "./list_links.tsx";
import type { Acting } from "./move_forms.tsx";
import { amount, number, Table } from "./tables.tsx";

type ListProps = {
  query: BookingQuery;
  choices: BookingChoices;
  rows: Acting[];
  /** The id to go on from; null on the last page. */
  next: number | null;
  now: number;
};

const PATH = "/admin/bookings";

export function BookingsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Bookings" who={who} live wide>
      <BookingsPanel {...list} />
    </Layout>
  );
}

export function BookingsPanel(props: ListProps) {
  const { query, next, rows } = props;
  const word = query.sort === "newest" ? "Older" : "Newer";
  return (
    <section id="bookings" class="stack">
      <h1>Bookings</h1>
      <BookingFilters {...props} />
      {rows.length === 0 ? <Nothing query={query} /> : <BookingTable {...props} />}
      <Pager {...{ path: PATH, query, next }} cursor="page" word={word} />
    </section>
  );
}

const columns = [
  ...["Urgency", "Reference", "Status", "Client", "Service"],
  ...[number("Since booked"), amount("Price"), "Review"],
];

function BookingTable({ rows, now }: ListProps) {
  return <Table columns={columns}>{rows.map((at) => BookingRow({ at, now }))}</Table>;
}

function Nothing({ query }: { query: BookingQuery }) {
  const { status, urgency, service, q, assigned, page } = query;
  const narrowed = status || urgency || service || q || assigned || page;
  return <div class="empty">{narrowed ? nothingFits : nothingYet}</div>;
}

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
