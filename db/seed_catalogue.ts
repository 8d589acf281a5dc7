import type { services } from "./schema.ts";
import { care, development } from "./seed_catalogue_care.ts";
import { content, marketing } from "./seed_catalogue_marketing.ts";
import { design, websites } from "./seed_catalogue_sites.ts";

type SeedService = Omit<
  typeof services.$inferInsert,
  "id" | "categoryId" | "state" | "position"
>;
/** Order is position. A service without a price gets one when an admin has looked at the booking. */
type SeedCategory = {
  slug: string;
  name: string;
  description: string;
  services: SeedService[];
};

export const seedCategories: SeedCategory[] = [
  websites,
  design,
  marketing,
  content,
  development,
  care,
];
