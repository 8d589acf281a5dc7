import type { Db } from "./client.ts";
import { jobRuns } from "./schema.ts";

/** Keeps what one run of a job did. */
export async function recordRun(db: Db, run: Omit<typeof jobRuns.$inferInsert, "id">) {
  await db.insert(jobRuns).values(run);
}
