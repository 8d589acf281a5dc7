import type { Category } from "../db/services.ts";
import { Answers } from "./home_answers.tsx";
import { Featured } from "./home_featured.tsx";
import { Hero } from "./home_hero.tsx";
import { Steps } from "./home_steps.tsx";
import { Layout, type Site } from "./layout.tsx";

/** What the public pages promise, as it is configured: hours until we answer, days to pay. */
export type Terms = { hours: number; urgentHours: number; payDays: number; methods: string[] };
type HomeProps = { site: Site; categories: Category[]; terms: Terms };

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

const Closing = () => (
  <section class="section closing">
    <h2>Tell us what you need</h2>
    <p class="lead">Booking costs nothing. You pay when you have seen the price.</p>
    <p>
      <a class="button primary" href="/book">Book a service</a>
    </p>
  </section>
);
