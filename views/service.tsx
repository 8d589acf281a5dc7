import type { Category, Service } from "../db/services.ts";
import { Crumbs } from "./crumbs.tsx";
import { days, decimal, span } from "./format.tsx";
import type { Terms } from "./home.tsx";
import { Layout, type Site } from "./layout.tsx";
import { bookAt, priceOf } from "./services.tsx";

type ServiceProps = { site: Site; service: Service; category: Category | undefined; terms: Terms };

/** One service: what one gets, what we need, what it costs, when it is done and what happens next. */
export function ServicePage({ site, service, category, terms }: ServiceProps) {
  return (
    <Layout
      {...{ site, title: service.name, about: service.summary }}
      path={`/services/${service.slug}`}
    >
      <Crumbs links={[["Services", "/services"], ...category ? [inCategory(category)] : []]} />
      <article class="stack" itemscope itemtype="https://schema.org/Service">
        <Provider site={site} service={service} category={category} />
        <h1 itemprop="name">{service.name}</h1>
        <p class="lead" itemprop="description">{service.summary}</p>
        <div class="split offer">
          <Offer site={site} service={service} terms={terms} />
          <Contents service={service} terms={terms} />
        </div>
      </article>
    </Layout>
  );
}

/** For machines: who offers it, where, and what kind of service it is. */
const Provider = ({ site, service, category }: Omit<ServiceProps, "terms">) => (
  <>
    <meta itemprop="url" content={`${site.url}/services/${service.slug}`} />
    {category && <meta itemprop="serviceType" content={category.name} />}
    <span itemprop="provider" itemscope itemtype="https://schema.org/Organization">
      <meta itemprop="name" content={site.agency.name} />
      <meta itemprop="email" content={site.agency.email} />
      <meta itemprop="url" content={site.url} />
    </span>
  </>
);

const inCategory = ({ name, slug }: Category): [string, string] => [
  name,
  `/services?category=${slug}`,
];

const Offer = ({ site, service, terms }: Omit<ServiceProps, "category">) => (
  <aside class="card follow" aria-label="Price and time">
    <p class="price">{priceOf(site, service)}</p>
    <OfferFacts site={site} service={service} />
    <OfferTerms service={service} terms={terms} />
    <a class="button primary" href={bookAt(service)}>Book {service.name}</a>
    <p class="hint">Booking costs nothing. You pay when you have seen the final price.</p>
  </aside>
);

/** For machines that compare offers; an open price is none. */
const OfferFacts = ({ site, service: { priceMinor } }: { site: Site; service: Service }) => {
  const { currency } = site.agency;
  if (priceMinor === null) return null;
  return (
    <span itemprop="offers" itemscope itemtype="https://schema.org/Offer">
      <meta itemprop="price" content={decimal(priceMinor, currency)} />
      <meta itemprop="priceCurrency" content={currency} />
      <meta itemprop="availability" content="https://schema.org/InStock" />
    </span>
  );
};

type TermsProps = { service: Service; terms: Terms };

export const OfferTerms = ({ service, terms: { hours, urgentHours, payDays } }: TermsProps) => (
  <dl class="facts">
    <dt>Our answer</dt>
    <dd>
      within {span(hours)}
      {hours !== urgentHours && ` (${span(urgentHours)} if high or urgent)`}
    </dd>
    <dt>You pay</dt>
    <dd>within {days(payDays)} of our answer</dd>
    <dt>Delivered</dt>
    <dd>within {days(service.deliveryDays)} of your payment</dd>
  </dl>
);

const Contents = ({ service, terms }: TermsProps) => (
  <div class="prose">
    <h2>What you get</h2>
    {lines(service.description)}
    <h2>What we need from you</h2>
    {lines(service.needs)}
    <h2>When it is done</h2>
    <Days service={service} terms={terms} />
    <h2>What happens next</h2>
    <ol>{nextSteps(service, terms).map((step) => <li>{step}</li>)}</ol>
  </div>
);

/** From the booking to the delivery, for those who pay as soon as they know the price. */
function Days({ service: { deliveryDays }, terms: { hours, urgentHours } }: TermsProps) {
  const done = (after: number) => days(Math.ceil(after / 24) + deliveryDays);
  const [usual, soon] = [done(hours), done(urgentHours)];
  if (usual === soon) return <p>At most {usual} after you book, if you pay at once.</p>;
  return (
    <p>
      At most {usual} after you book, if you pay at once; {soon} when its urgency is high or urgent.
    </p>
  );
}

const nextSteps = ({ priceMinor, deliveryDays }: Service, { hours, payDays }: Terms) => [
  "You send the booking. You need no account for it.",
  priceMinor === null
    ? `We read it and name a price, within ${span(hours)}.`
    : `We read it and confirm the price, or write to you where it cannot be kept, within ${
      span(hours)
    }.`,
  `You pay within ${payDays} days, or do nothing and owe nothing.`,
  `A chat opens with the people who do the work, and it is done within ${days(deliveryDays)}.`,
];

/** Each line of a text is a point of a list; a single one is a sentence. */
function lines(text: string) {
  const points = text.split("\n").filter(Boolean);
  if (points.length === 1) return <p>{text}</p>;
  return <ul>{points.map((point) => <li>{point}</li>)}</ul>;
}
