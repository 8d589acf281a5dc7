import { desc } from "drizzle-orm";
import { audited, type By } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { jobHeartbeats, jobRuns } from "./schema.ts";

export type Run = Omit<typeof jobRuns.$inferInsert, "id">;
export type Heartbeat = typeof jobHeartbeats.$inferSelect;
export type PastRun = typeof jobRuns.$inferSelect;

const LATEST = 20;

/** Keeps that a job ran, and of a run that did something or failed what came of it. */
export async function recordRun(db: Db, run: Run) {
  const { job, ...last } = run;
  const beat = { error: null, ...last };
  await commit(db, [
    db.insert(jobHeartbeats).values({ job, since: run.startedAt, ...beat })
      .onConflictDoUpdate({ target: jobHeartbeats.job, set: beat }),
    ...(run.handled > 0 || run.error ? [db.insert(jobRuns).values(run)] : []),
  ]);
}

/** Says that these jobs are on the clock from `now`, so that one which never runs is missed. */
export async function expectJobs(db: Db, names: string[], now: number) {
  await db.insert(jobHeartbeats).values(names.map((job) => ({ job, since: now })))
    .onConflictDoNothing();
}

/** The last run of every job that is or was on the clock. */
export async function listHeartbeats(db: Db): Promise<Heartbeat[]> {
  return await db.select().from(jobHeartbeats);
}

/** The latest runs that did something or failed, newest first. */
export async function listRuns(db: Db): Promise<PastRun[]> {
  return await db.select().from(jobRuns).orderBy(desc(jobRuns.id)).limit(LATEST);
}

/** Keeps who had a job run out of its turn. */
export async function recordRunAsked(db: Db, job: string, by: By) {
  await commit(db, [audited(db, by, { action: "job.run", subject: job })]);
}
