import { raiseAttention } from "../db/attention_reminders.ts";
import { mailAway } from "../db/chat_away.ts";
import { approveOverdue, expireUnpaid } from "../db/bookings_by_clock.ts";
import { databaseTime, type Db } from "../db/client.ts";
import { sweepFiles } from "../db/file_sweep.ts";
import { endLease, takeLease } from "../db/job_leases.ts";
import { sendDigest } from "../db/digests.ts";
import { recordRun } from "../db/job_runs.ts";
import { remindToPay } from "../db/reminders.ts";
import { purge } from "../db/retention.ts";
import { createBucket } from "./gateways/s3.ts";
import { log, nameOf } from "./log.ts";
import { type Post, sendEmails } from "./send_emails.ts";
import { sendRefunds } from "./send_refunds.ts";
import { settlePayments } from "./settle_payments.ts";
import { watchChains } from "./watch_chains.ts";

export type Job = {
  name: string;
  /** Cron, in UTC. */
  schedule: string;
  /** Milliseconds for which one process has it to itself, where many at once would only be in each other's way. */
  lease?: number;
  /** Does what is due at `now` and returns how many things it did. Safe to run anywhere at any time. */
  run(post: Post, now: number): Promise<number>;
};

/** More than a long run takes; after it the work of a process that died is free again. */
const LEASE = 2 * 60_000;

/** Everything that happens without a click, in the order one run does it. */
export const jobs: Job[] = [
  {
    name: "approve_overdue",
    schedule: "*/15 * * * *",
    lease: LEASE,
    run: ({ db }, now) => approveOverdue(db, now),
  },
  {
    name: "raise_attention",
    schedule: "*/15 * * * *",
    lease: LEASE,
    run: ({ db, config }, now) => raiseAttention(db, now, { zone: config.agency.timezone }),
  },
  { name: "expire_unpaid", schedule: "*/15 * * * *", run: ({ db }, now) => expireUnpaid(db, now) },
  { name: "remind", schedule: "*/15 * * * *", lease: LEASE, run: remind },
  { name: "watch_chains", schedule: "* * * * *", lease: LEASE, run: watchChains },
  { name: "send_refunds", schedule: "*/5 * * * *", run: sendRefunds },
  { name: "settle_payments", schedule: "*/10 * * * *", run: settlePayments },
  { name: "mail_away", schedule: "* * * * *", run: ({ db }, now) => mailAway(db, now) },
  { name: "send_emails", schedule: "* * * * *", run: sendEmails },
  {
    name: "sweep_files",
    schedule: "*/20 * * * *",
    run: ({ db, config }, now) => sweepFiles({ db, bucket: createBucket(config) }, now),
  },
  { name: "sweep", schedule: "17 3 * * *", run: ({ db }, now) => purge(db, now) },
];

async function remind({ db, config }: Post, now: number): Promise<number> {
  const { timezone: zone } = config.agency;
  return await remindToPay(db, now, { zone }) + await sendDigest(db, now, { zone });
}

/** What came of a run; `busy` where another process was at it. */
export type Outcome = { handled: number; error: string | null; busy?: true };

/** Runs one job and keeps what came of it; a failure is recorded, never thrown. */
export async function runJob(job: Job, post: Post, now: number): Promise<Outcome> {
  const begun = performance.now();
  let handled = 0;
  let error: string | null = null;
  try {
    const done = await runAlone(job, post, now);
    if (done === "busy") return { handled, error, busy: true };
    handled = done;
  } catch (failure) {
    error = nameOf(failure);
    log("error", "job", { job: job.name, error });
  }
  const finishedAt = now + Math.round(performance.now() - begun);
  await recordRun(post.db, { job: job.name, startedAt: now, finishedAt, handled, error });
  return { handled, error };
}

async function runAlone(job: Job, post: Post, now: number): Promise<number | "busy"> {
  if (!job.lease) return await job.run(post, now);
  const lease = { job: job.name, holder: crypto.randomUUID() };
  if (!await takeLease(post.db, lease, { now, until: now + job.lease })) return "busy";
  try {
    return await job.run(post, now);
  } finally {
    await endLease(post.db, lease);
  }
}

/** The earlier of this process's time and the database's: a clock that is fast does nothing too soon. */
export const dueTime = async (db: Db, clock: () => number): Promise<number> =>
  Math.min(clock(), await databaseTime(db));

type Watch = { clock: () => number; nudge: () => void };

/** The jobs of one schedule share a cron: Deno Deploy gives a small account ten. */
export const crons = [...Map.groupBy(jobs, ({ schedule }) => schedule)].map(([schedule, due]) => {
  const [first = "", ...more] = due.map(({ name }) => name.replaceAll("_", "-"));
  return { name: more.length > 0 ? `${first} and ${more.length} more` : first, schedule, due };
});

/**
 * Registers every job with the platform's cron. Each process has its own clock: the jobs bear that. Deno Deploy
 * must see all of them at the start, on every timeline.
 */
export function startClock(post: Post, watch: Watch) {
  for (const { name, schedule, due } of crons) {
    Deno.cron(name, schedule, async () => {
      await Promise.all(due.map((job) => strike(job, post, watch)));
    });
  }
}

/** Runs a job where the clock is minded. What it brought about leaves at once. */
export async function strike(job: Job, post: Post, { clock, nudge }: Watch) {
  if (!post.config.onClock) return;
  try {
    const { handled } = await runJob(job, post, await dueTime(post.db, clock));
    if (handled > 0) nudge();
  } catch (error) {
    log("error", "clock", { job: job.name, error: nameOf(error) });
  }
}
