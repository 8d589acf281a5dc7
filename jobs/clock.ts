import { approveOverdue, expireUnpaid } from "../db/bookings_by_clock.ts";
import { recordRun } from "../db/job_runs.ts";
import { purgeLimits } from "../db/rate_limits.ts";
import { purgeEnded } from "../db/sessions.ts";
import { log, nameOf } from "./log.ts";
import { type Post, sendEmails } from "./send_emails.ts";

export type Job = {
  name: string;
  /** Cron, in UTC. */
  schedule: string;
  /** Does what is due at `now` and returns how many things it did. Safe to run anywhere at any time. */
  run(post: Post, now: number): Promise<number>;
};

/** Everything that happens without a click, in the order one run does it. */
export const jobs: Job[] = [
  {
    name: "approve_overdue",
    schedule: "*/15 * * * *",
    run: ({ db }, now) => approveOverdue(db, now),
  },
  { name: "expire_unpaid", schedule: "*/15 * * * *", run: ({ db }, now) => expireUnpaid(db, now) },
  { name: "send_emails", schedule: "* * * * *", run: sendEmails },
  { name: "sweep", schedule: "17 3 * * *", run: sweep },
];

async function sweep({ db }: Post, now: number): Promise<number> {
  return await purgeEnded(db, now) + await purgeLimits(db, now);
}

/** Runs one job and keeps what came of it; a failure is recorded, never thrown. */
export async function runJob(
  job: Job,
  post: Post,
  now: number,
): Promise<{ handled: number; error: string | null }> {
  let handled = 0;
  let error: string | null = null;
  try {
    handled = await job.run(post, now);
  } catch (failure) {
    error = nameOf(failure);
    log("error", "job", { job: job.name, error });
  }
  if (handled > 0 || error) {
    await recordRun(post.db, { job: job.name, startedAt: now, finishedAt: now, handled, error });
  }
  return { handled, error };
}

/** Registers every job with the platform's cron. Each process has its own clock: the jobs bear that. */
export function startClock(post: Post, clock: () => number) {
  for (const job of jobs) {
    Deno.cron(job.name.replaceAll("_", "-"), job.schedule, async () => {
      await runJob(job, post, clock());
    });
  }
}
