import { asc, eq, sql } from "drizzle-orm";
import { approvalLimit } from "./auto_approval.ts";
import type { Db } from "./client.ts";
import { rowAsJson, rowsAsJson, rowsOf } from "./json_rows.ts";
import { once } from "./prepared.ts";
import { serviceCategories, services, settings } from "./schema.ts";

export type Service = typeof services.$inferSelect;
export type Category = typeof serviceCategories.$inferSelect & { services: Service[] };

/** Everything the public pages show. `version` changes whenever any of it does. */
export type Catalogue = {
  version: string;
  /** Categories that have something to book, with their active services. */
  categories: Category[];
  /** Every service, hidden and archived ones too, by slug. */
  bySlug: Map<string, Service>;
  /** The highest price that approves itself, in minor units; null without a limit. */
  approvalLimitMinor: number | null;
};

/** All of it as one row. */
const catalogueOf = once((db) => {
  const shelves = db.select({ row: rowAsJson(serviceCategories).as("row") })
    .from(serviceCategories).orderBy(asc(serviceCategories.position));
  const offers = db.select({ row: rowAsJson(services).as("row") })
    .from(services).orderBy(asc(services.categoryId), asc(services.position));
  return db.select({
    version: sql<string | null>`(${catalogueVersion(db)})`,
    shelves: rowsAsJson(shelves),
    offers: rowsAsJson(offers),
    approvalLimitMinor: approvalLimit,
  }).from(sql`(select 1)`).prepare();
});

export async function readCatalogue(db: Db): Promise<Catalogue> {
  const found = await catalogueOf(db).get();
  const categories = rowsOf(serviceCategories, found?.shelves ?? "[]");
  const all = rowsOf(services, found?.offers ?? "[]");
  const active = all.filter((service) => service.state === "active");
  return {
    version: found?.version ?? "0",
    categories: categories
      .map((category) => ({
        ...category,
        services: active.filter((s) => s.categoryId === category.id),
      }))
      .filter((category) => category.services.length > 0),
    bySlug: new Map(all.map((service) => [service.slug, service])),
    approvalLimitMinor: found?.approvalLimitMinor ?? null,
  };
}

export const catalogueVersion = (db: Db) =>
  db.select({ value: settings.value }).from(settings).where(eq(settings.key, "catalogue_version"));
