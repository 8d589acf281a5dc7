import type { Category, Service } from "../db/services.ts";
import { money, span } from "./format.tsx";
import { Answers } from "./home_answers.tsx";
import { Layout, type Site } from "./layout.tsx";
import { OfferTerms } from "./service.tsx";
import { priceOf, ServiceCard } from "./services.tsx";
import { Steps } from "./home_steps.tsx";

/** What the public pages promise, as it is configured: hours until we answer, days to pay. */
export type Terms = { hours: number; urgentHours: number; payDays: number; methods: string[] };
type HomeProps = { site: Site; categories: Category[]; terms: Terms };

/** What the first page says where the agency says nothing else. */
export const homeWords = {
  sentence: "Digital work for small companies, at a price you know first.",
  line: "Choose a service and say what you need. We look at it and fix the price before you pay.",
};

export function HomePage({ site, categories, terms }: HomeProps) {
  const services = categories.flatMap((category) => category.services);
  const example = services.find(({ priceMinor }) => priceMinor !== null);
  const { sentence, line } = site.brand;
  return (
    <Layout
      site={site}
      title={(sentence ?? "Digital work at a price you know first").replace(/\.$/, "")}
      about={line ?? about}
      path="/"
    >
      <Hero {...{ site, services, example, terms }} />
      <Featured {...{ site, categories, example }} />
      <Steps terms={terms} services={services} />
      <Answers site={site} terms={terms} />
      <Closing />
    </Layout>
  );
}

const about = "Websites, design, marketing and software for small companies. " +
  "The price is fixed before you pay.";

type HeroProps = { site: Site; services: Service[]; example: Service | undefined; terms: Terms };

const Hero = ({ site, services, example, terms }: HeroProps) => (
  <section class="hero beside" itemscope itemtype="https://schema.org/Organization">
    <div>
      <meta itemprop="name" content={site.agency.name} />
      <meta itemprop="url" content={site.url} />
      <meta itemprop="email" content={site.agency.email} />
      <h1>{site.brand.sentence ?? homeWords.sentence}</h1>
      <p class="lead">{site.brand.line ?? homeWords.line}</p>
      <p class="cluster">
        <a class="button primary" href="/book">Book a service</a>
        <a class="button" href="/services">See services</a>
      </p>
      <ul class="promises">
        {promises(site, services, terms).map((promise) => <li>{promise}</li>)}
      </ul>
    </div>
    {example && <Example {...{ site, terms }} service={example} />}
  </section>
);

/** What one of the services costs and when what happens, before anybody has clicked. */
const Example = ({ site, service, terms }: { site: Site; service: Service; terms: Terms }) => (
  <aside class="card" aria-label="For example">
    <p class="hint">For example</p>
    <h2>
      <a href={`/services/${service.slug}`}>{service.name}</a>
    </h2>
    <p class="price">{priceOf(site, service)}</p>
    <OfferTerms service={service} terms={terms} />
  </aside>
);

const Closing = () => (
  <section class="section closing">
    <h2>Tell us what you need</h2>
    <p class="lead">Booking costs nothing. You pay when you have seen the price.</p>
    <p>
      <a class="button primary" href="/book">Book a service</a>
    </p>
  </section>
);

/** What it costs and what happens next, from the catalogue and the configuration. */
function promises(site: Site, services: Service[], { hours }: Terms): string[] {
  const prices = services.flatMap(({ priceMinor }) => priceMinor ?? []);
  const cheapest = money(Math.min(...prices), site.agency.currency);
  const priced = prices.length > 0 ? [`${counted(services.length)} from ${cheapest}`] : [];
  return [...priced, `An answer within ${span(hours)}`, "Booking costs nothing"];
}

const counted = (count: number) => count === 1 ? "1 service" : `${count} services`;

/** Six beside the example: the first of each category, and then what follows them. */
function oneOfEach(categories: Category[], example: Service | undefined): Service[] {
  const shelves = categories.map(({ services }) => services.filter((one) => one !== example));
  const firsts = shelves.flatMap((services) => services.slice(0, 1));
  return [...firsts, ...shelves.flatMap((services) => services.slice(1))].slice(0, 6);
}

type FeaturedProps = { site: Site; categories: Category[]; example: Service | undefined };

function Featured({ site, categories, example }: FeaturedProps) {
  const services = oneOfEach(categories, example);
  if (services.length === 0) return null;
  const count = categories.reduce((sum, { services }) => sum + services.length, 0);
  return (
    <section class="section">
      <h2>What you can book</h2>
      <div class="grid">
        {services.map((service) => ServiceCard({ site, service }))}
      </div>
      <p>
        <a href="/services">{count > 6 ? `See all ${counted(count)}` : "See the catalogue"}</a>
      </p>
    </section>
  );
}
