import type { Booking } from "../../db/booking_moves.ts";
import { money } from "../format.tsx";
import { BookingStatus, UrgencyMark } from "../status.tsx";
import { RowReview } from "./booking_actions.tsx";
import { Deadline, Waiting } from "./deadlines.tsx";
import { Reference } from "./list_links.tsx";
import { type Acting, bookingMarks, boxOf, TroubleAlert } from "./move_forms.tsx";

/** A booking in the review queue; an action puts its new self in its place. */
export function BookingRow({ at, now }: { at: Acting; now: number }) {
  const { booking } = at;
  return (
    <tr id={boxOf(booking)} {...bookingMarks(booking)}>
      <td>
        <UrgencyMark urgency={booking.urgency} />
      </td>
      <th scope="row">
        <Reference of={booking.reference} />
      </th>
      <Standing booking={booking} now={now} />
      <Order booking={booking} now={now} />
      <Review at={at} />
    </tr>
  );
}

const Review = ({ at }: { at: Acting }) => (
  <td class="actions">
    <TroubleAlert at={at} />
    <RowReview at={at} />
  </td>
);

type CellProps = { booking: Booking; now: number };

const Standing = ({ booking, now }: CellProps) => (
  <td>
    <BookingStatus status={booking.status} />
    <div class="hint">
      <Deadline booking={booking} now={now} />
    </div>
  </td>
);

const Order = ({ booking, now }: CellProps) => (
  <>
    <td>
      {booking.clientName}
      {booking.clientCompany && <div class="hint">{booking.clientCompany}</div>}
    </td>
    <td>{booking.serviceName}</td>
    <td class="number">
      <Waiting since={booking.createdAt} now={now} />
    </td>
    <td class="amount">{priceOf(booking)}</td>
  </>
);

function priceOf({ priceMinor, cataloguePriceMinor, currency }: Booking): string {
  const price = priceMinor ?? cataloguePriceMinor;
  return price === null ? "no price yet" : money(price, currency);
}
