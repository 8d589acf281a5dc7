import { BookingRow } from "./booking_row.tsx";
import type { Acting } from "./move_forms.tsx";
import { amount, number, TableHead } from "./tables.tsx";

const columns = [
  ...["Choose", "Urgency", "Reference", "Status", "Client", "Service"],
  ...[number("Since booked"), amount("Price"), "Actions"],
];

/** Bookings, each a body of its own, so that its review has room below its row. */
export const BookingTable = ({ rows, now }: { rows: Acting[]; now: number }) => (
  <div class="table-scroll">
    <table class="table queue">
      <TableHead columns={columns} />
      {rows.map((at) => BookingRow({ at, now }))}
    </table>
  </div>
);
