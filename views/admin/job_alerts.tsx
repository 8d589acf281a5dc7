import { Alert } from "../layout.tsx";
import { jobName } from "./job_words.ts";

/** Nobody works the clock: what it should do waits. */
export function MissedAlert({ jobs }: { jobs: string[] }) {
  if (jobs.length === 0) return null;
  return (
    <Alert>
      <a href="/admin/jobs">
        {jobs.length === 1 ? "A job has" : `${jobs.length} jobs have`} missed two runs
      </a>: {jobs.map(jobName).join(", ")}. Check that the product runs and its clock with it.
    </Alert>
  );
}
