import type { Heartbeat, PastRun } from "../../db/job_runs.ts";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { DryRun, type DryRunProps } from "./dry_run.tsx";
import { MissedAlert } from "./job_alerts.tsx";
import { type JobState, JobTable } from "./job_table.tsx";
import { jobName, things } from "./job_words.ts";
import { number, Table, TimeCell } from "./tables.tsx";

type ListProps = DryRunProps & {
  /** The job that somebody has just run by hand. */
  ran?: Heartbeat;
  jobs: JobState[];
  runs: PastRun[];
};

export function JobsPage({ site, who, ...list }: ListProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Jobs" who={who} live wide>
      <JobsPanel {...list} />
    </Layout>
  );
}

export function JobsPanel(props: ListProps) {
  const { ran, jobs, now, zone } = props;
  return (
    <section id="jobs" class="stack">
      <h1>Jobs</h1>
      {ran && <Ran {...ran} />}
      <MissedAlert jobs={jobs.filter(({ missed }) => missed).map(({ name }) => name)} />
      <JobTable {...{ jobs, now, zone }} />
      <DryRun {...props} />
      <History {...props} />
    </section>
  );
}

function Ran({ job, handled, error }: Heartbeat) {
  if (error) return <Alert>{jobName(job)}: it failed ({error}). The log says more.</Alert>;
  return <Alert kind="good">{jobName(job)}: it ran and did {things(handled)}.</Alert>;
}

function History({ runs, now, zone }: ListProps) {
  if (runs.length === 0) return null;
  return (
    <section class="stack">
      <h2>Latest runs that did something</h2>
      <Table columns={["When", "Job", number("Did"), "Error"]}>
        {runs.map(({ job, startedAt, handled, error }) => (
          <tr>
            <TimeCell at={startedAt} {...{ now, zone }} />
            <td>{jobName(job)}</td>
            <td class="number">{String(handled)}</td>
            <td>{error}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
