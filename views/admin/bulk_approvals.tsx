import { Hidden, Input } from "../form.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { BookingTable } from "./booking_table.tsx";
import type { Acting } from "./move_forms.tsx";

/** Below the list: approves what is chosen in it, each in a step of its own. */
export function BulkForm({ back, currency }: { back?: string; currency: string }) {
  return (
    <form method="post" action="/admin/bookings/approvals" id="bulk" class="bulk">
      <Input
        name="price"
        id="bulk-price"
        label="One price for all"
        hint="Empty: each at its catalogue price."
        form={{ values: {}, errors: {} }}
        unit={currency}
        inputmode="decimal"
        maxlength={20}
      />
      <button type="submit" class="primary">
        Approve <span data-chosen>what is chosen</span>
      </button>
      {back && <Hidden name="back" value={back} />}
    </form>
  );
}

type ResultProps = { rows: Acting[]; approved: number; back: string; now: number };

export const BulkPage = ({ site, who, ...result }: ResultProps & { site: Site; who: Who }) => (
  <Layout site={site} title="Approved together" who={who} live wide>
    <BulkPanel {...result} />
  </Layout>
);

/** What became of each booking that was chosen. */
export function BulkPanel({ rows, approved, back, now }: ResultProps) {
  const missed = rows.length - approved;
  return (
    <section id="bookings" class="stack">
      <h1>{approved} of {rows.length} approved</h1>
      <p>
        <a href={`/admin/bookings${back}`}>Back to the list</a>
      </p>
      {rows.length === 0 && <Alert>Choose at least one booking in the list.</Alert>}
      {missed > 0 && (
        <Alert>{missed} {missed === 1 ? "was" : "were"} not approved: see why below.</Alert>
      )}
      {rows.length > 0 && <BookingTable rows={rows} now={now} />}
    </section>
  );
}
