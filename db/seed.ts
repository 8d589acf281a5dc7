import { sql } from "drizzle-orm";
import { commit, type Db } from "./client.ts";
import { serviceCategories, services } from "./schema.ts";
import { seedCategories } from "./seed_catalogue.ts";

/**
 * Puts the first catalogue in. What has its slug already is left as it is, so running it again, or in two
 * processes at once, undoes nothing that an admin changed. Returns how many rows are new.
 */
export async function seedCatalogue(db: Db): Promise<{ categories: number; services: number }> {
  const [categories = 0, added = 0] = await commit(db, [
    db.insert(serviceCategories).values(seedCategories.map(categoryRow))
      .onConflictDoNothing({ target: serviceCategories.slug }),
    db.insert(services).values(seedCategories.flatMap(serviceRows))
      .onConflictDoNothing({ target: services.slug }),
  ]);
  return { categories, services: added };
}

const categoryRow = ({ slug, name, description }: typeof seedCategories[number], at: number) => ({
  slug,
  name,
  description,
  position: at + 1,
});

const serviceRows = (category: typeof seedCategories[number]) =>
  category.services.map((service, at) => ({
    ...service,
    categoryId: sql<number>`(select id from service_categories where slug = ${category.slug})`,
    position: at + 1,
  }));
