import type { Heartbeat } from "../../db/job_runs.ts";
import { fromNow, Instant } from "../format.tsx";
import { jobName } from "./job_words.ts";
import { number, Table } from "./tables.tsx";

export type JobState = { name: string; beat?: Heartbeat; next: number; missed: boolean };
type Shown = { now: number; zone: string };

const columns = [
  ...["Job", "Last run", number("Took"), number("Did"), "Next run", "How it went", "By hand"],
];

/** How each job stands on the clock, and the way to run it by hand. */
export const JobTable = ({ jobs, ...shown }: Shown & { jobs: JobState[] }) => (
  <Table columns={columns}>
    {jobs.map((job) =>
      JobRow({ job, ...shown })
    )}
  </Table>
);

function JobRow({ job, now, zone }: Shown & { job: JobState }) {
  const { name, beat, next } = job;
  const took = beat?.finishedAt && beat.startedAt ? beat.finishedAt - beat.startedAt : null;
  return (
    <tr data-job={name} data-missed={job.missed ? "yes" : "no"}>
      <th scope="row">{jobName(name)}</th>
      <td data-label="Last run:">
        {beat?.startedAt ? <Instant at={beat.startedAt} {...{ now, zone }} bare /> : "not yet"}
      </td>
      <td class="number" data-label="Took">{took === null ? "" : length(took)}</td>
      <td class="number" data-label="Did">{beat?.startedAt ? String(beat.handled) : ""}</td>
      <td data-label="Next:">
        <Instant at={next} {...{ now, zone }} bare />
        <div class="hint">{fromNow(next, now)}</div>
      </td>
      <td>{outcomeOf(job)}</td>
      <td class="actions">
        <form method="post" action={`/admin/jobs/${name}/runs`}>
          <button type="submit">Run now</button>
        </form>
      </td>
    </tr>
  );
}

const length = (ms: number) => ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;

function outcomeOf({ beat, missed }: JobState): string {
  const failed = beat?.error ? `it failed (${beat.error}): the log says more` : "";
  if (missed) return ["missed two runs", failed].filter(Boolean).join("; before that ");
  return failed || (beat?.startedAt ? "well" : "");
}
