import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Candidate, cursorAt, listPendingApprovals } from "../../db/approval_candidates.ts";
import { whyNotApproved } from "../../db/auto_approval.ts";
import { type Heartbeat, listHeartbeats, listRuns, recordRunAsked } from "../../db/job_runs.ts";
import { pageOf } from "../../db/pages.ts";
import { notFound, Problem } from "../../db/problem.ts";
import { type Job, jobs, runJob } from "../../jobs/clock.ts";
import { missedTwo, nextRun } from "../../jobs/schedules.ts";
import type { JobState } from "../../views/admin/job_table.tsx";
import { JobsPage, JobsPanel } from "../../views/admin/jobs.tsx";
import { actorOf, type Env } from "../context.ts";
import { allowed } from "../permissions.ts";
import { goTo, respond } from "../respond.ts";

const PAGE = 40;
/** Where the last page of waiting bookings ended, an instant and an id; and which job was just run by hand. */
const query = z.object({
  after: z.string().regex(/^\d{1,16}-\d{1,15}$/).optional().catch(undefined),
  ran: z.string().max(100).optional().catch(undefined),
});

/** What happens without a click: whether it does, and what it would do now. */
export const jobRoutes = new Hono<Env>()
  .use(allowed("jobs"))
  .get("/", (c) => showJobs(c))
  .post("/:name/runs", async (c) => {
    const job = jobs.find(({ name }) => name === c.req.param("name"));
    const person = await c.var.person;
    if (!job) throw notFound();
    await recordRunAsked(c.var.db, job.name, { actor: actorOf(person), now: c.var.now });
    const { busy } = await runJob(job, c.var, c.var.now);
    if (busy) throw new Problem("conflict", "This job runs already. Look again in a minute.");
    return goTo(c, `/admin/jobs?ran=${job.name}`);
  });

async function showJobs(c: Context<Env>) {
  const { db, now, site } = c.var;
  const asked = query.parse(c.req.query());
  const [at, id] = asked.after?.split("-").map(Number) ?? [];
  const after = at !== undefined && id !== undefined ? { at, id } : undefined;
  const [who, heartbeats, runs, found] = await Promise.all([
    c.var.person,
    listHeartbeats(db),
    listRuns(db),
    listPendingApprovals(db, { limit: PAGE + 1, after }),
  ]);
  const { page: waiting, last } = pageOf(found, PAGE);
  const props = {
    ...{ query: asked, runs, now, zone: site.agency.timezone },
    ran: heartbeats.find(({ job }) => job === asked.ran),
    jobs: jobs.map((job) => stateOf(job, heartbeats, now)),
    waiting: waiting.map((facts) => ({ booking: facts.booking, reason: whyNotApproved(facts) })),
    next: last && cursorText(last),
  };
  return respond(c, {
    page: () => <JobsPage site={site} who={who} {...props} />,
    part: () => <JobsPanel {...props} />,
  });
}

function cursorText(last: Candidate): string {
  const { at, id } = cursorAt(last.booking);
  return `${at}-${id}`;
}

/** How a job stands on the clock. One that no process has put there yet has nothing to say. */
function stateOf({ name, schedule }: Job, heartbeats: Heartbeat[], now: number): JobState {
  const beat = heartbeats.find(({ job }) => job === name);
  const next = nextRun(schedule, now);
  return { name, beat, next, missed: beat !== undefined && isMissed(schedule, beat, now) };
}

const isMissed = (schedule: string, beat: Heartbeat, now: number) =>
  missedTwo(schedule, beat.startedAt ?? beat.since, now);

/** The jobs that missed two runs, for a banner. */
export const missedJobs = (heartbeats: Heartbeat[], now: number): string[] =>
  jobs.map((job) => stateOf(job, heartbeats, now)).filter(({ missed }) => missed)
    .map(({ name }) => name);
