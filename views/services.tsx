import type { Category, Service } from "../db/services.ts";
import { days, money } from "./format.tsx";
import { Layout, type Site } from "./layout.tsx";

/** One of the links that narrow the list. */
export type Choice = { name: string; href: string; chosen: boolean };
type ServicesProps = { site: Site; categories: Category[]; fields: Choice[]; prices: Choice[] };

export function ServicesPage({ site, categories, fields, prices }: ServicesProps) {
  const shelves = categories.map((category) => Shelf({ site, category }));
  return (
    <Layout
      site={site}
      title="Services"
      about="What you can book, with prices and days."
      path="/services"
    >
      <h1>Services</h1>
      <p class="lead">Every price is fixed before you pay. The days count from your payment.</p>
      <div class="catalogue">
        <div class="index">
          <Choices label="Category" choices={fields} />
          <Choices label="Price" choices={prices} />
        </div>
        <div>{shelves.length > 0 ? shelves : <NothingHere any={fields.length > 1} />}</div>
      </div>
    </Layout>
  );
}

const Choices = ({ label, choices }: { label: string; choices: Choice[] }) => (
  <nav aria-label={label}>
    <ul>
      {choices.map(({ name, href, chosen }) => (
        <li>
          <a href={href} aria-current={chosen ? "true" : undefined}>{name}</a>
        </li>
      ))}
    </ul>
  </nav>
);

function Shelf({ site, category }: { site: Site; category: Category }) {
  return (
    <section id={category.slug} class="stack">
      <h2>{category.name}</h2>
      <p class="hint">{category.description}</p>
      <div class="grid">
        {category.services.map((service) => ServiceCard({ site, service }))}
      </div>
    </section>
  );
}

function NothingHere({ any }: { any: boolean }) {
  if (!any) return <NothingYet />;
  return (
    <div class="empty">
      <p>No service of this category has a price in this range.</p>
      <p>
        <a href="/services">Show all services</a>
      </p>
    </div>
  );
}

/** The catalogue of an agency that has just moved in. */
export const NothingYet = () => (
  <p class="empty">Nothing is on offer yet. Come back soon, or write to us at the address below.</p>
);

export function ServiceCard({ site, service }: { site: Site; service: Service }) {
  return (
    <article class="card service">
      <h3>
        <a href={`/services/${service.slug}`}>{service.name}</a>
      </h3>
      <p>{service.summary}</p>
      <div class="terms">
        <p>
          <strong>{priceOf(site, service)}</strong>
          <span>in {days(service.deliveryDays)}</span>
        </p>
        <a class="button" href={bookAt(service)} aria-label={`Book ${service.name}`}>Book</a>
      </div>
    </article>
  );
}

export const bookAt = ({ slug }: Service) => `/book?service=${slug}`;

export const priceOf = (site: Site, { priceMinor }: Service) =>
  priceMinor === null ? "Price after review" : money(priceMinor, site.agency.currency);
