import type { Status } from "../../db/booking_status.ts";
import type { Urgency } from "../../db/schema.ts";
import { Hidden } from "../form.tsx";
import { statusWord } from "../status.tsx";
import { type Filter, FilterLinks } from "./list_filters.tsx";

export type BookingQuery = Filter & {
  status?: Status;
  urgency?: Urgency;
  service?: string;
  q?: string;
  assigned?: "me" | "nobody";
  sort: "urgency" | "newest" | "oldest";
};
export type BookingChoices = {
  statuses: readonly Status[];
  urgencies: readonly Urgency[];
  services: { slug: string; name: string }[];
  /** Whether the list holds bookings of others. */
  assigned: boolean;
};
type FilterProps = { query: BookingQuery; choices: BookingChoices };

const urgencyWords: Record<Urgency, string> = {
  ...{ low: "Low", medium: "Medium", high: "High", urgent: "Urgent" },
};
const PATH = "/admin/bookings";

/** What nobody has answered yet comes by urgency, all else by its time. */
export const usualOrder = ({ status }: { status?: Status }): BookingQuery["sort"] =>
  status === "pending" ? "urgency" : "newest";
/** The query as an address says it: the order goes without saying where it is the usual one. */
export const withoutUsual = (query: BookingQuery): Filter => ({
  ...query,
  sort: query.sort === usualOrder(query) ? undefined : query.sort,
});
const orders: [BookingQuery["sort"], string][] = [
  ["urgency", "Most urgent first"],
  ["newest", "Newest first"],
  ["oldest", "Oldest first"],
];

/** What the list can be narrowed to: a search, and rows of links. */
export function BookingFilters({ query, choices }: FilterProps) {
  const { statuses, urgencies } = choices;
  const narrowed = withoutUsual(query);
  return (
    <>
      <FilterLinks
        {...{ path: PATH, query: narrowed, name: "status", label: "Status" }}
        options={statuses.map((status) => [status, statusWord(status)])}
      />
      <div class="filter-row">
        <FilterLinks
          {...{ path: PATH, query: narrowed, name: "urgency", label: "Urgency" }}
          options={urgencies.map((urgency) => [urgency, urgencyWords[urgency]])}
        />
        {choices.assigned && (
          <FilterLinks
            {...{ path: PATH, query: narrowed, name: "assigned", label: "Whose" }}
            options={[["me", "Mine"], ["nobody", "Nobody's"]]}
          />
        )}
        <FilterLinks
          {...{ path: PATH, query, name: "sort", label: "Order", always: true }}
          options={orders.filter(([order]) => order !== "urgency" || query.status === "pending")}
        />
      </div>
    </>
  );
}

/** Finds by what somebody types, within what the list is narrowed to. */
export function BookingSearch(
  { query, services }: { query: BookingQuery } & Pick<BookingChoices, "services">,
) {
  const { status, urgency, assigned } = query;
  const { sort } = withoutUsual(query);
  return (
    <form class="cluster search" role="search" action={PATH}>
      {status && <Hidden name="status" value={status} />}
      {urgency && <Hidden name="urgency" value={urgency} />}
      {assigned && <Hidden name="assigned" value={assigned} />}
      {sort && <Hidden name="sort" value={sort} />}
      <div>
        <input
          type="search"
          name="q"
          value={query.q}
          aria-label="Search by reference, client, company or service"
          placeholder="Reference, client, company, service"
          maxlength={200}
          size={36}
        />
      </div>
      <ServiceChoice services={services} chosen={query.service} />
      <button type="submit">Search</button>
    </form>
  );
}

function ServiceChoice(
  { services, chosen }: Pick<BookingChoices, "services"> & { chosen?: string },
) {
  return (
    <div>
      <select name="service" aria-label="Service">
        <option value="">All services</option>
        {services.map(({ slug, name }) => (
          <option value={slug} selected={slug === chosen}>{name}</option>
        ))}
      </select>
    </div>
  );
}
