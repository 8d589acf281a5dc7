import type { Reason } from "../../db/auto_approval.ts";
import type { Booking } from "../../db/booking_moves.ts";
import { ApprovalPromise, whyNotWords } from "../approvals.tsx";
import { money } from "../format.tsx";
import { bookingMarks } from "../status.tsx";
import { Pager, Reference } from "./list_links.tsx";
import { Table } from "./tables.tsx";

type Waiting = { booking: Booking; reason: Reason | null };
type Row = Waiting & { now: number; zone: string };
export type DryRunProps = {
  query: { after?: string };
  /** Every pending booking, with why the clock would not approve it were its time over. */
  waiting: Waiting[];
  /** Where the list goes on; null on the last page. */
  next: string | null;
  now: number;
  zone: string;
};

const PATH = "/admin/jobs";

/** What the clock would do, by the same rule as it does it. */
export function DryRun({ waiting, query, next, now, zone }: DryRunProps) {
  return (
    <section class="stack">
      <h2>What the clock would do now with each pending booking</h2>
      {waiting.length === 0
        ? <NothingWaits />
        : (
          <Table columns={["Booking", "Service", "Client", "Now, and why"]}>
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

function WaitingRow({ booking, reason, now, zone }: Row) {
  return (
    <tr {...bookingMarks(booking)} data-reason={reason ?? "none"}>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <td class="clipped">
        <div>{booking.serviceName}</div>
      </td>
      <td class="clipped">
        <div>{booking.clientName}</div>
      </td>
      <td class="foretold">
        <Foretold {...{ booking, reason, now, zone }} />
      </td>
    </tr>
  );
}

function Foretold({ booking, reason, now, zone }: Row) {
  const { cataloguePriceMinor, currency, autoApproveAt } = booking;
  if (reason !== null) return <>does not approve itself: {whyNotWords(reason)}</>;
  if (cataloguePriceMinor !== null && autoApproveAt !== null && autoApproveAt <= now) {
    return <>approve it at {money(cataloguePriceMinor, currency)}: its time is over</>;
  }
  return (
    <>
      nothing yet: <ApprovalPromise {...{ booking, now, zone }} />
    </>
  );
}
