import { asc, eq, sql } from "drizzle-orm";
import { refreshAttention } from "./attention.ts";
import { audited, type By } from "./audit.ts";
import { commit, type Db, isUnique, type Statement } from "./client.ts";
import { notFound, Problem } from "./problem.ts";
import { type AuditFacts, serviceCategories, services } from "./schema.ts";
import type { Service } from "./services.ts";

export type CategoryRow = typeof serviceCategories.$inferSelect;
/** What an admin may change of a service. Bookings keep the name and price they were made with. */
export type ServiceEdit =
  & Pick<Service, "name" | "summary" | "description" | "needs" | "priceMinor" | "deliveryDays">
  & Pick<Service, "approvesItself" | "approveAfterHours">
  & { state: Service["state"]; categoryId: number };
export type CategoryEdit = Pick<CategoryRow, "name" | "description">;

/** The whole catalogue as it is stored, hidden and archived services too. */
export async function readWholeCatalogue(db: Db) {
  const [categories, all] = await db.batch([
    db.select().from(serviceCategories).orderBy(asc(serviceCategories.position)),
    db.select().from(services).orderBy(asc(services.categoryId), asc(services.position)),
  ]);
  return { categories, services: all };
}

/** One service and the categories it may be put in. Throws `not_found`. */
export async function findServiceToEdit(db: Db, slug: string) {
  const [found, categories] = await db.batch([
    db.select().from(services).where(eq(services.slug, slug)),
    db.select().from(serviceCategories).orderBy(asc(serviceCategories.position)),
  ]);
  if (!found[0]) throw notFound();
  return { service: found[0], categories };
}

export async function saveService(db: Db, service: Service, by: By & { edit: ServiceEdit }) {
  const { edit } = by;
  await commit(db, [
    db.update(services).set(edit).where(eq(services.id, service.id)),
    audited(db, by, {
      ...{ action: "service.save", subject: service.slug },
      ...changes(service, edit),
    }),
    refreshAttention(db, by.now),
  ]);
}

/** Puts a service at the end of its category and returns its slug. Throws `invalid` on a name that is taken. */
export async function addService(db: Db, edit: ServiceEdit, by: By): Promise<string> {
  const slug = slugOf(edit.name);
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from services)`;
  await once(db, "services.slug", [
    db.insert(services).values({ ...edit, slug, position }),
    audited(db, by, { action: "service.add", subject: slug, after: brief(edit) }),
  ]);
  return slug;
}

export async function saveCategory(db: Db, category: CategoryRow, by: By & { edit: CategoryEdit }) {
  const { edit } = by;
  await commit(db, [
    db.update(serviceCategories).set(edit).where(eq(serviceCategories.id, category.id)),
    audited(db, by, {
      ...{ action: "category.save", subject: category.slug },
      ...changes(category, edit),
    }),
  ]);
}

/** Puts a category at the end and returns its slug. Throws `invalid` on a name that is taken. */
export async function addCategory(db: Db, edit: CategoryEdit, by: By): Promise<string> {
  const slug = slugOf(edit.name);
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from service_categories)`;
  await once(db, "service_categories.slug", [
    db.insert(serviceCategories).values({ ...edit, slug, position }),
    audited(db, by, { action: "category.add", subject: slug, after: brief(edit) }),
  ]);
  return slug;
}

/** What an edit says otherwise than it stood before. */
function changes(stood: AuditFacts, edit: AuditFacts) {
  const names = Object.keys(edit).filter((name) => edit[name] !== stood[name]);
  const of = (from: AuditFacts) =>
    brief(Object.fromEntries(names.map((name) => [name, from[name] ?? null])));
  return { before: of(stood), after: of(edit) };
}

/** The log keeps that a long text was changed, not all of it. */
const brief = (facts: AuditFacts): AuditFacts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) =>
      typeof value === "string" && value.length > 200
        ? [name, `${value.slice(0, 200)} ...`]
        : [name, value]
    ),
  );

async function once(db: Db, index: string, statements: Statement[]) {
  try {
    await commit(db, statements);
  } catch (error) {
    if (!isUnique(error, index)) throw error;
    throw new Problem("invalid", "There is one with this name already.", "name");
  }
}

/** "Café & Shop" as "cafe-shop". */
function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 80);
  if (slug === "new") throw new Problem("invalid", "Choose another name.", "name");
  if (slug) return slug;
  throw new Problem("invalid", "Use at least one letter from a to z, for the address.", "name");
}
