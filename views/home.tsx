import type { Category, Service } from "../db/services.ts";
import { days, money } from "./format.tsx";
import { Answers } from "./home_answers.tsx";
import { Layout, type Site } from "./layout.tsx";
import { ServiceCard } from "./services.tsx";
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
  const { sentence, line } = site.brand;
  return (
    <Layout
      site={site}
      title={(sentence ?? "Digital work at a price you know first").replace(/\.$/, "")}
      about={line ?? about}
      path="/"
    >
      <Hero {...{ site, services, terms }} />
      <Featured site={site} services={oneOfEach(categories)} count={services.length} />
      <Steps terms={terms} services={services} />
      <Answers site={site} terms={terms} />
    </Layout>
  );
}

const about = "Websites, design, marketing and software for small companies. " +
  "The price is fixed before you pay.";

const Hero = (
  { site, services, terms }: Omit<HomeProps, "categories"> & { services: Service[] },
) => (
  <section class="hero">
    <h1>{site.brand.sentence ?? homeWords.sentence}</h1>
    <p class="lead">{site.brand.line ?? homeWords.line}</p>
    <p class="cluster">
      <a class="button primary" href="/book">Book a service</a>
      <a class="button" href="/services">See services</a>
    </p>
    <ul class="promises">{promises(site, services, terms).map((promise) => <li>{promise}</li>)}</ul>
  </section>
);

/** What it costs and what happens next, from the catalogue and the configuration. */
function promises(site: Site, services: Service[], { hours }: Terms): string[] {
  const prices = services.flatMap(({ priceMinor }) => priceMinor ?? []);
  const cheapest = money(Math.min(...prices), site.agency.currency);
  const priced = prices.length > 0 ? [`${counted(services.length)} from ${cheapest}`] : [];
  return [...priced, `An answer within ${days(Math.ceil(hours / 24))}`, "Booking costs nothing"];
}

const counted = (count: number) => count === 1 ? "1 service" : `${count} services`;

/** Six to begin with: the first of each category, and then what follows them. */
function oneOfEach(categories: Category[]): Service[] {
  const firsts = categories.flatMap(({ services }) => services.slice(0, 1));
  const rest = categories.flatMap(({ services }) => services.slice(1));
  return [...firsts, ...rest].slice(0, 6);
}

type FeaturedProps = { site: Site; services: Service[]; count: number };

function Featured({ site, services, count }: FeaturedProps) {
  if (count === 0) return null;
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
