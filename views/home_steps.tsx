import type { Service } from "../db/services.ts";
import { days, span } from "./format.tsx";
import type { Terms } from "./home.tsx";

type StepsProps = { terms: Terms; services: Service[] };

/** The way of a booking: who acts at each step, and how long it takes. */
export function Steps(props: StepsProps) {
  return (
    <section class="section" id="how">
      <h2>How it goes</h2>
      <ol class="steps">{stepsOf(props).map((step) => Step(step))}</ol>
    </section>
  );
}

/** Who acts, how long it takes, and what happens then. */
type Step = { name: string; who: string; when: string; what: string };

const stepsOf = ({ terms: { hours, urgentHours, payDays }, services }: StepsProps): Step[] => [
  { ...book, who: "You", when: "without an account" },
  { ...price, who: "We", when: answer(hours, urgentHours) },
  { ...payment, who: "You", when: `within ${days(payDays)}` },
  { ...work, who: "Both of us", when: "once you have paid" },
  { ...delivery, who: "We", when: spanOf(services) },
];
const answer = (hours: number, urgentHours: number) =>
  `within ${span(hours)}${hours === urgentHours ? "" : `, ${span(urgentHours)} when it is urgent`}`;
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

/** "in 2 to 60 days, as your service says". */
function spanOf(services: Service[]): string {
  const all = services.map(({ deliveryDays }) => deliveryDays);
  if (all.length === 0) return "in the days your service names";
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? `in ${days(most)}` : `in ${least} to ${days(most)}, as your service says`;
}

const Step = ({ name, who, when, what }: Step) => (
  <li>
    <h3>{name}</h3>
    <p class="hint">
      <b>{who}</b>, {when}
    </p>
    <p>{what}</p>
  </li>
);
