import type { Reason } from "../../db/auto_approval.ts";
import type { Booking } from "../../db/booking_moves.ts";
import type { Heartbeat, PastRun } from "../../db/job_runs.ts";
import { ApprovalPromise, whyNotWords } from "../approvals.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { bookingMarks } from "../status.tsx";
import { MissedAlert } from "./job_alerts.tsx";
import { type JobState, JobTable } from "./job_table.tsx";
import { jobName, things } from "./job_words.ts";
import { Pager, Reference } from "./list_links.tsx";
import { number, Table, TimeCell } from "./tables.tsx";

type Shown = { now: number; zone: string };
type ListProps = Shown & {
  query: { after?: string };
  /** The job that somebody has just run by hand. */
  ran?: Heartbeat;
  jobs: JobState[];
  runs: PastRun[];
  /** Every pending booking, with why the clock would not approve it were its time over. */
  waiting: { booking: Booking; reason: Reason | null }[];
  /** Where the list goes on; null on the last page. */
  next: string | null;
};

const PATH = "/admin/jobs";

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
      <Dry {...props} />
      <History {...props} />
    </section>
  );
}

function Ran({ job, handled, error }: Heartbeat) {
  if (error) return <Alert>{jobName(job)}: it failed ({error}). The log says more.</Alert>;
  return <Alert kind="good">{jobName(job)}: it ran and did {things(handled)}.</Alert>;
}

/** What the clock would do, by the same rule as it does it. */
function Dry({ waiting, query, next, now, zone }: ListProps) {
  return (
    <section class="stack">
      <h2>What the clock does with each pending booking</h2>
      {waiting.length === 0
        ? <NothingWaits />
        : (
          <Table columns={["Booking", "Service", "Client", "What happens"]}>
            {waiting.map((row) => WaitingRow({ ...row, now, zone }))}
          </Table>
        )}
      <Pager {...{ path: PATH, query, next }} cursor="after" word="Later" />
    </section>
  );
}

const NothingWaits = () => (
  <div class="empty">
    <p>No booking waits. Each one that does is listed here, with what the clock will do.</p>
  </div>
);

function WaitingRow({ booking, reason, now, zone }: ListProps["waiting"][number] & Shown) {
  return (
    <tr {...bookingMarks(booking)} data-reason={reason ?? "none"}>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <td>{booking.serviceName}</td>
      <td>{booking.clientName}</td>
      <td>
        {reason === null
          ? <ApprovalPromise {...{ booking, now, zone }} />
          : `does not approve itself: ${whyNotWords(reason)}`}
      </td>
    </tr>
  );
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
