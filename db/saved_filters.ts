import { and, asc, count, eq, sql } from "drizzle-orm";
import { commit, type Db, isEmpty } from "./client.ts";
import { Problem } from "./problem.ts";
import { savedFilters } from "./schema.ts";

export type SavedFilter = typeof savedFilters.$inferSelect;

/** So many have room above a list. */
const MOST = 20;

/** The filters that an admin has kept, by name. */
export async function listFilters(db: Db, adminId: number): Promise<SavedFilter[]> {
  return await db.select().from(savedFilters).where(eq(savedFilters.adminId, adminId))
    .orderBy(asc(savedFilters.name)).limit(MOST);
}

/** Keeps `query` under a name; the same name again stands for the new one. Throws `invalid` when there are 20. */
export async function saveFilter(db: Db, filter: Omit<SavedFilter, "id">) {
  const { adminId, name, query } = filter;
  const others = db.select({ n: count() }).from(savedFilters)
    .where(and(eq(savedFilters.adminId, adminId), sql`${savedFilters.name} <> ${name}`));
  const kept = sql<string>`case when (${others}) < ${MOST} then ${query} end`;
  try {
    await commit(db, [
      db.insert(savedFilters).values({ adminId, name, query: kept })
        .onConflictDoUpdate({ target: [savedFilters.adminId, savedFilters.name], set: { query } }),
    ]);
  } catch (error) {
    if (!isEmpty(error, "saved_filters.query")) throw error;
    throw new Problem("invalid", `You keep ${MOST} filters already. Remove one first.`, "name");
  }
}

/** Removes one of an admin's own filters; false where there is none of that number. */
export async function removeFilter(db: Db, adminId: number, id: number): Promise<boolean> {
  const own = and(eq(savedFilters.id, id), eq(savedFilters.adminId, adminId));
  const [removed] = await commit(db, [db.delete(savedFilters).where(own)]);
  return removed === 1;
}
