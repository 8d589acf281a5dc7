import { asc, eq } from "drizzle-orm";
import { APPROVAL_LIMIT } from "./auto_approval.ts";
import type { Db } from "./client.ts";
import { asJson, rowsOf } from "./json_rows.ts";
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

export async function readCatalogue(db: Db): Promise<Catalogue> {
  const order = [asc(services.categoryId), asc(services.position)];
  const [version, shelves, offers, limit] = await db.batch([
    catalogueVersion(db),
    asJson(db, serviceCategories, asc(serviceCategories.position)),
    asJson(db, services, ...order),
    db.select().from(settings).where(eq(settings.key, APPROVAL_LIMIT)),
  ]);
  const categories = rowsOf(serviceCategories, shelves[0]?.json ?? "[]");
  const all = rowsOf(services, offers[0]?.json ?? "[]");
  const active = all.filter((service) => service.state === "active");
  return {
    version: version[0]?.value ?? "0",
    categories: categories
      .map((category) => ({
        ...category,
        services: active.filter((s) => s.categoryId === category.id),
      }))
      .filter((category) => category.services.length > 0),
    bySlug: new Map(all.map((service) => [service.slug, service])),
    approvalLimitMinor: limit[0] ? Number(limit[0].value) : null,
  };
}

export const catalogueVersion = (db: Db) =>
  db.select({ value: settings.value }).from(settings).where(eq(settings.key, "catalogue_version"));
