import type { CategoryRow } from "../../db/service_edits.ts";
import type { ServiceState } from "../../db/schema.ts";
import type { Service } from "../../db/services.ts";
import { days, money } from "../format.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { ServiceMark, serviceWord } from "../status.tsx";
import { FilterLinks } from "./list_filters.tsx";
import { PlaceButtons } from "./place_buttons.tsx";
import { amount, number, Table } from "./tables.tsx";

type ListProps = {
  categories: CategoryRow[];
  services: Service[];
  currency: string;
  states: readonly ServiceState[];
  /** The one state that is shown; without one all are, in an order that can be changed. */
  state?: ServiceState;
  /** The slug of what was just moved. */
  changed?: string;
};

export function AdminServicesPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Services" who={who} wide live>
      <AdminServicesPanel {...list} />
    </Layout>
  );
}

const PATH = "/admin/services";
const columns = ["Service", "State", number("Delivery"), amount("Price")];

export function AdminServicesPanel({ categories, services, ...list }: ListProps) {
  const { state, states } = list;
  const shown = state ? services.filter((service) => service.state === state) : services;
  const filled = categories.filter(({ id }) => shown.some(({ categoryId }) => categoryId === id));
  return (
    <section id="services" class="stack">
      <div class="list-head">
        <h1>Services</h1>
        <p class="cluster">
          <a href="/admin/categories">Categories</a>
          <a class="button primary" href="/admin/services/new">New service</a>
        </p>
      </div>
      <FilterLinks
        {...{ path: PATH, query: { state }, name: "state", label: "State" }}
        options={states.map((state) => [state, serviceWord(state)])}
      />
      {(state ? filled : categories).map((category) => {
        const own = shown.filter(({ categoryId }) => categoryId === category.id);
        return <Category category={category} services={own} {...list} />;
      })}
      {state && filled.length === 0 && (
        <p class="empty">
          No service is {state}. What a service's state means stands in its form.{" "}
          <a href={PATH}>See all services</a>
        </p>
      )}
      {categories.length === 0 && (
        <p class="empty">
          Services stand in categories.{" "}
          <a href="/admin/categories">Make the first one</a>, then add what people can book.
        </p>
      )}
    </section>
  );
}

type CategoryProps = Omit<ListProps, "categories"> & { category: CategoryRow };

const Category = ({ category, services, ...list }: CategoryProps) => (
  <section class="stack">
    <h2>{category.name}</h2>
    {services.length === 0
      ? (
        <p class="empty">
          Nothing to book here yet, so visitors do not see this category.{" "}
          <a href="/admin/services/new">Add a service</a>
        </p>
      )
      : (
        <Table columns={list.state ? columns : [...columns, "Order"]}>
          {services.map((_, at) => Row({ services, at, ...list }))}
        </Table>
      )}
  </section>
);

type RowProps = Omit<ListProps, "categories"> & { at: number };

function Row({ services, at, currency, changed, state: only }: RowProps) {
  const { slug, name, state, deliveryDays, priceMinor } = services[at] as Service;
  return (
    <tr data-service={slug} data-state={state} class={slug === changed ? "changed" : undefined}>
      <th scope="row">
        <a href={`/admin/services/${slug}`}>{name}</a>
      </th>
      <td>
        <ServiceMark state={state} />
      </td>
      <td class="number">{days(deliveryDays)}</td>
      <td class="amount">{priceMinor === null ? "after review" : money(priceMinor, currency)}</td>
      {!only && (
        <td class="order">
          <PlaceButtons all={services} at={at} path={PATH} panel="services" />
        </td>
      )}
    </tr>
  );
}
