import type { Service } from "../db/services.ts";
import { money, span } from "./format.tsx";
import type { Terms } from "./home.tsx";
import { counted } from "./home_featured.tsx";
import type { Site } from "./layout.tsx";
import { OfferTerms } from "./service.tsx";
import { priceOf } from "./services.tsx";

/** What the first page says where the agency says nothing else. */
export const homeWords = {
  sentence: "Digital work for small companies, at a price you know first.",
  line: "Choose a service and say what you need. We look at it and fix the price before you pay.",
};

type HeroProps = { site: Site; services: Service[]; example: Service | undefined; terms: Terms };

/** The first thing that anybody sees: what is sold here, for whom, and for example at what price. */
export const Hero = ({ site, services, example, terms }: HeroProps) => (
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

/** What it costs and what happens next, from the catalogue and the configuration. */
function promises(site: Site, services: Service[], { hours }: Terms): string[] {
  const prices = services.flatMap(({ priceMinor }) => priceMinor ?? []);
  const cheapest = money(Math.min(...prices), site.agency.currency);
  const priced = prices.length > 0 ? [`${counted(services.length)} from ${cheapest}`] : [];
  return [...priced, `An answer within ${span(hours)}`, "Booking costs nothing"];
}
