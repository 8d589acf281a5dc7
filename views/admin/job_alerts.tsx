import { Alert } from "../layout.tsx";
import { jobName } from "./job_words.ts";

const NAMED = 3;

/** Nobody works the clock: what it should do waits. */
export function MissedAlert({ jobs }: { jobs: string[] }) {
  if (jobs.length === 0) return null;
  const rest = jobs.length - NAMED;
  return (
    <Alert>
      <a href="/admin/jobs">
        {jobs.length === 1 ? "A job has" : `${jobs.length} jobs have`} missed two runs
      </a>: {jobs.slice(0, NAMED).map(jobName).join(", ")}
      {rest > 0 && ` and ${rest} more`}. Check that the product runs and its clock with it.
    </Alert>
  );
}
