import { readMigrationFiles } from "drizzle-orm/migrator";
import { type Db, isUnique } from "./client.ts";

const FOLDER = decodeURIComponent(new URL("./migrations", import.meta.url).pathname);
const JOURNAL = "CREATE TABLE IF NOT EXISTS schema_migrations (created_at integer PRIMARY KEY)";

/**
 * Applies what is missing, each migration in one transaction that begins by claiming its row: of several
 * processes that start at once one applies it and the others go on. Returns how many this one applied.
 */
export async function migrate(db: Db): Promise<number> {
  await db.$client.execute(JOURNAL);
  const done = await db.$client.execute("SELECT created_at FROM schema_migrations");
  const known = new Set(done.rows.map((row) => Number(row.created_at)));
  let applied = 0;
  for (const { sql, folderMillis } of readMigrationFiles({ migrationsFolder: FOLDER })) {
    if (!known.has(folderMillis) && await apply(db, folderMillis, sql)) applied++;
  }
  return applied;
}

async function apply(db: Db, at: number, statements: string[]): Promise<boolean> {
  const claim = { sql: "INSERT INTO schema_migrations (created_at) VALUES (?)", args: [at] };
  try {
    await db.$client.migrate([claim, ...statements]);
    return true;
  } catch (error) {
    if (isUnique(error, "schema_migrations")) return false;
    throw error;
  }
}
