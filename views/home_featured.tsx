import type { Category, Service } from "../db/services.ts";
import type { Site } from "./layout.tsx";
import { ServiceCard } from "./services.tsx";

/** Six beside the example: the first of each category, and then what follows them. */
function oneOfEach(categories: Category[], example: Service | undefined): Service[] {
  const shelves = categories.map(({ services }) => services.filter((one) => one !== example));
  const firsts = shelves.flatMap((services) => services.slice(0, 1));
  return [...firsts, ...shelves.flatMap((services) => services.slice(1))].slice(0, 6);
}

type FeaturedProps = { site: Site; categories: Category[]; example: Service | undefined };

/** A few of the services, and the way to all of them. */
export function Featured({ site, categories, example }: FeaturedProps) {
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

export const counted = (count: number) => count === 1 ? "1 service" : `${count} services`;
