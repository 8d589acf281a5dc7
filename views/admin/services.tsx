import type { CategoryRow } from "../../db/service_edits.ts";
import type { Service } from "../../db/services.ts";
import { days, money } from "../format.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { PlaceButtons } from "./place_buttons.tsx";
import { amount, number, Table } from "./tables.tsx";

type ListProps = {
  categories: CategoryRow[];
  services: Service[];
  currency: string;
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

const columns = ["Service", "State", number("Delivery"), amount("Price"), "Order"];

export function AdminServicesPanel({ categories, services, ...list }: ListProps) {
  return (
    <section id="services" class="stack">
      <div class="list-head">
        <h1>Services</h1>
        <p class="cluster">
          <a href="/admin/categories">Categories</a>
          <a class="button primary" href="/admin/services/new">New service</a>
        </p>
      </div>
      {categories.map((category) => {
        const own = services.filter(({ categoryId }) => categoryId === category.id);
        return <Category category={category} services={own} {...list} />;
      })}
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

const Category = ({ category, services, currency, changed }: CategoryProps) => (
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
        <Table columns={columns}>
          {services.map((_, at) => Row({ services, at, currency, changed }))}
        </Table>
      )}
  </section>
);

type RowProps = Pick<ListProps, "services" | "currency" | "changed"> & { at: number };

function Row({ services, at, currency, changed }: RowProps) {
  const { slug, name, state, deliveryDays, priceMinor } = services[at] as Service;
  return (
    <tr data-service={slug} data-state={state} class={slug === changed ? "changed" : undefined}>
      <th scope="row">
        <a href={`/admin/services/${slug}`}>{name}</a>
      </th>
      <td>{state}</td>
      <td class="number">{days(deliveryDays)}</td>
      <td class="amount">{priceMinor === null ? "after review" : money(priceMinor, currency)}</td>
      <td class="order">
        <PlaceButtons all={services} at={at} path="/admin/services" panel="services" />
      </td>
    </tr>
  );
}
