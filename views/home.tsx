import type { Category, Service } from "../db/services.ts";
import { Answers } from "./home_answers.tsx";
import { Layout, type Site } from "./layout.tsx";
import { ServiceCard } from "./services.tsx";

/** What the public pages promise, as it is configured: hours until we answer, days to pay. */
export type Terms = { hours: number; urgentHours: number; payDays: number; methods: string[] };
type HomeProps = { site: Site; categories: Category[]; terms: Terms };

export function HomePage({ site, categories, terms }: HomeProps) {
  const chosen = categories.flatMap(({ services }) => services.slice(0, 1)).slice(0, 6);
  return (
    <Layout site={site} title="Digital work at a price you know first" about={about} path="/">
      <Hero />
      <OneOfEach site={site} services={chosen} />
      <Steps terms={terms} />
      <Answers site={site} terms={terms} />
    </Layout>
  );
}

const about = "Websites, design, marketing and software for small companies. " +
  "The price is fixed before you pay.";

const Hero = () => (
  <section class="hero">
    <h1>Digital work for small companies, at a price you know first.</h1>
    <p class="lead">
      Choose a service and say what you need. We look at it and fix the price before you pay.
    </p>
    <p class="cluster">
      <a class="button primary" href="/book">Book a service</a>
      <a class="button" href="/services">See services</a>
    </p>
  </section>
);

function OneOfEach({ site, services }: { site: Site; services: Service[] }) {
  return (
    <section class="section">
      <h2>One from each field</h2>
      <div class="grid">
        {services.map((service) => ServiceCard({ site, service }))}
      </div>
      <p>
        <a href="/services">See all services</a>
      </p>
    </section>
  );
}

function Steps({ terms }: { terms: Terms }) {
  return (
    <section class="section" id="how">
      <h2>How it goes</h2>
      <ol class="steps">{stepsOf(terms).map((step) => Step(step))}</ol>
    </section>
  );
}

type Step = { name: string; who: string; what: string };

const stepsOf = ({ hours, urgentHours, payDays }: Terms): Step[] => [
  { ...book, who: "You, without an account" },
  { ...price, who: `We, within ${hours} hours, ${urgentHours} when it is urgent` },
  { ...payment, who: `You, within ${payDays} days` },
  { ...work, who: "Both of us, from the moment you have paid" },
  { ...delivery, who: "We, in the days your service names" },
];
const book = {
  name: "Book",
  what: "Choose a service, say how urgent it is and what you need.",
};
const price = { name: "Price", what: "We read it and fix the price. You get it by e-mail." };
const payment = {
  name: "Payment",
  what: "Pay when the price suits you. If it does not, do nothing.",
};
const work = { name: "Work", what: "A chat opens with the people who do the work." };
const delivery = {
  name: "Delivery",
  what: "You get what was agreed, and a note when it is done.",
};

const Step = ({ name, who, what }: Step) => (
  <li>
    <h3>{name}</h3>
    <p class="hint">{who}</p>
    <p>{what}</p>
  </li>
);
