import type { CategoryRow } from "../../db/service_edits.ts";
import type { Service } from "../../db/services.ts";
import { days, money } from "../format.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { amount, number, Table } from "./tables.tsx";

type ListProps = { categories: CategoryRow[]; services: Service[]; currency: string };

export function AdminServicesPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Services" who={who} wide>
      <AdminServicesPanel {...list} />
    </Layout>
  );
}

const columns = ["Service", "State", number("Delivery"), amount("Price")];

export function AdminServicesPanel({ categories, services, currency }: ListProps) {
  return (
    <section id="services" class="stack">
      <h1>Services</h1>
      <p class="cluster">
        <a class="button primary" href="/admin/services/new">New service</a>
        <a href="/admin/categories">Categories</a>
      </p>
      {categories.map((category) => (
        <section class="stack">
          <h2>{category.name}</h2>
          <Table columns={columns}>
            {services.filter(({ categoryId }) => categoryId === category.id)
              .map((service) => Row({ service, currency }))}
          </Table>
        </section>
      ))}
    </section>
  );
}

function Row({ service, currency }: { service: Service; currency: string }) {
  const { slug, name, state, deliveryDays, priceMinor } = service;
  return (
    <tr data-service={slug} data-state={state}>
      <th scope="row">
        <a href={`/admin/services/${slug}`}>{name}</a>
      </th>
      <td>{state}</td>
      <td class="number">{days(deliveryDays)}</td>
      <td class="amount">{priceMinor === null ? "after review" : money(priceMinor, currency)}</td>
    </tr>
  );
}
