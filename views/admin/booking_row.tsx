import type { Booking } from "../../db/booking_moves.ts";
import { money } from "../format.tsx";
import { BookingStatus, UrgencyMark } from "../status.tsx";
import { BookingReview, ReviewLink } from "./booking_review.tsx";
import { Deadline, Waiting } from "./deadlines.tsx";
import { Done } from "./decisions.tsx";
import { Reference } from "./list_links.tsx";
import { type Acting, bookingMarks, boxOf, TroubleAlert } from "./move_forms.tsx";

type RowProps = { at: Acting; now: number };

/** A booking in the review queue, with its review below it once it is open; an action puts its new self in its place. */
export function BookingRow({ at, now }: RowProps) {
  const { booking, done, open } = at;
  return (
    <tbody id={boxOf(booking)} class={done ? "booking changed" : "booking"}>
      <tr {...bookingMarks(booking)}>
        <Choice booking={booking} />
        <td>
          <UrgencyMark urgency={booking.urgency} />
        </td>
        <th scope="row">
          <Reference of={booking.reference} />
        </th>
        <Standing booking={booking} now={now} />
        <Order booking={booking} now={now} />
        <td class="actions">
          <div class="cluster">
            <Done at={at} />
            <ReviewLink at={at} />
          </div>
        </td>
      </tr>
      {(open || at.trouble) && (
        <tr class="review">
          <td colspan={9}>
            <TroubleAlert at={at} />
            {open && <BookingReview at={at} now={now} />}
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** Chosen for the form below the list, which approves many at once. */
function Choice({ booking: { reference, version, status } }: { booking: Booking }) {
  if (status !== "pending") return <td />;
  return (
    <td>
      <label class="pick">
        <span class="visually-hidden">Choose {reference}</span>
        <input type="checkbox" name="booking" value={`${reference}.${version}`} form="bulk" />
      </label>
    </td>
  );
}

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
    <td class="clipped">
      <div>{booking.clientName}</div>
      {booking.clientCompany && <div class="hint">{booking.clientCompany}</div>}
    </td>
    <td class="clipped">
      <div>{booking.serviceName}</div>
    </td>
    <td class="number" data-label={booking.status === "pending" ? "waits" : "booked before"}>
      <Waiting since={booking.createdAt} now={now} />
    </td>
    <td class="amount">{priceOf(booking)}</td>
  </>
);

function priceOf({ priceMinor, cataloguePriceMinor, currency }: Booking): string {
  const price = priceMinor ?? cataloguePriceMinor;
  return price === null ? "no price yet" : money(price, currency);
}
