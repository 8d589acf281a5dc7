import { and, eq, gt, lte, or } from "drizzle-orm";
import type { Db } from "./client.ts";
import { jobLeases } from "./schema.ts";

export type Lease = { job: string; holder: string };

/** Milliseconds that clocks may go apart. A lease beyond it comes from one that was wrong, or pretended. */
export const APART = 5 * 60_000;

/**
 * Takes the lease of a job until `until`, or says false where another holds it. A holder that died keeps nobody
 * out: its lease is over by itself. What the job does is safe without one; this only spares many the same work.
 */
export async function takeLease(
  db: Db,
  { job, holder }: Lease,
  { now, until }: { now: number; until: number },
): Promise<boolean> {
  const taken = await db.insert(jobLeases).values({ job, holder, until })
    .onConflictDoUpdate({
      target: jobLeases.job,
      set: { holder, until },
      setWhere: or(lte(jobLeases.until, now), gt(jobLeases.until, until + APART)),
    }).returning({ job: jobLeases.job });
  return taken.length === 1;
}

/** Gives a lease back, if it is still this holder's. */
export async function endLease(db: Db, { job, holder }: Lease) {
  await db.delete(jobLeases).where(and(eq(jobLeases.job, job), eq(jobLeases.holder, holder)));
}
