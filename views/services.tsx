import type { Category, Service } from "../db/services.ts";
import { days, decimal, money } from "./format.tsx";
import type { Terms } from "./home.tsx";
import { Layout, type Site } from "./layout.tsx";

/** A choice of prices, with its link. */
export type Band = { name: string; href: string; chosen: boolean };
type ServicesProps = { site: Site; categories: Category[]; bands: Band[] };

export function ServicesPage({ site, categories, bands }: ServicesProps) {
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
      <Prices bands={bands} />
      <div class="catalogue">
        <Index categories={categories} />
        <div>{shelves.length > 0 ? shelves : <NothingHere />}</div>
      </div>
    </Layout>
  );
}

const Prices = ({ bands }: { bands: Band[] }) => (
  <nav class="filters" aria-label="Price">
    {bands.map(({ name, href, chosen }) => (
      <a href={href} aria-current={chosen ? "true" : undefined}>{name}</a>
    ))}
  </nav>
);

function Index({ categories }: { categories: Category[] }) {
  return (
    <nav class="index" aria-label="Categories">
      <ul>
        {categories.map(({ slug, name }) => (
          <li>
            <a href={`#${slug}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

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

const NothingHere = () => (
  <div class="empty">
    <p>No service has a price in this range.</p>
    <p>
      <a href="/services">Show all services</a>
    </p>
  </div>
);

export function ServiceCard({ site, service }: { site: Site; service: Service }) {
  return (
    <article class="card service">
      <h3>
        <a href={`/services/${service.slug}`}>{service.name}</a>
      </h3>
      <p>{service.summary}</p>
      <p class="terms">
        <strong>{priceOf(site, service)}</strong> {days(service.deliveryDays)}
      </p>
      <a href={bookAt(service)} aria-label={`Book ${service.name}`}>Book</a>
    </article>
  );
}

const bookAt = ({ slug }: Service) => `/book?service=${slug}`;

type ServiceProps = { site: Site; service: Service; category: Category | undefined; terms: Terms };

export function ServicePage({ site, service, category, terms }: ServiceProps) {
  return (
    <Layout
      {...{ site, title: service.name, about: service.summary }}
      path={`/services/${service.slug}`}
    >
      {category && <a href={`/services#${category.slug}`}>{category.name}</a>}
      <article class="stack" itemscope itemtype="https://schema.org/Service">
        <h1 itemprop="name">{service.name}</h1>
        <p class="lead" itemprop="description">{service.summary}</p>
        <div class="split">
          <Contents service={service} />
          <Offer site={site} service={service} terms={terms} />
        </div>
      </article>
    </Layout>
  );
}

const Contents = ({ service }: { service: Service }) => (
  <div class="prose">
    <h2>What you get</h2>
    {lines(service.description)}
    <h2>What we need from you</h2>
    {lines(service.needs)}
  </div>
);

/** For machines that compare offers; an open price is none. */
const OfferFacts = ({ site, service: { priceMinor } }: Omit<OfferProps, "terms">) => {
  const { currency } = site.agency;
  if (priceMinor === null) return null;
  return (
    <span itemprop="offers" itemscope itemtype="https://schema.org/Offer">
      <meta itemprop="price" content={decimal(priceMinor, currency)} />
      <meta itemprop="priceCurrency" content={currency} />
    </span>
  );
};

type OfferProps = { site: Site; service: Service; terms: Terms };

const Offer = ({ site, service, terms }: OfferProps) => (
  <aside class="card follow">
    <p class="price">{priceOf(site, service)}</p>
    <OfferFacts site={site} service={service} />
    <OfferTerms service={service} terms={terms} />
    <a class="button primary" href={bookAt(service)}>Book {service.name}</a>
    <p class="hint">Booking costs nothing. You pay when you have seen the final price.</p>
  </aside>
);

const OfferTerms = ({ service, terms }: { service: Service; terms: Terms }) => (
  <dl class="facts">
    <dt>Delivered</dt>
    <dd>within {days(service.deliveryDays)} of your payment</dd>
    <dt>Our answer</dt>
    <dd>within {terms.hours} hours, {terms.urgentHours} for high and urgent</dd>
    <dt>You pay</dt>
    <dd>within {terms.payDays} days of our answer</dd>
  </dl>
);

const lines = (text: string) => text.split("\n").map((line) => Line({ line }));
const Line = ({ line }: { line: string }) => <p>{line}</p>;

export const priceOf = (site: Site, { priceMinor }: Service) =>
  priceMinor === null ? "Price after review" : money(priceMinor, site.agency.currency);
