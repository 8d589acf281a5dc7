import type { BookingFile } from "../../db/booking_finders.ts";
import { BookingStatus, UrgencyMark } from "../status.tsx";

/** Which booking it is and how it stands, with the way to its chat. */
export function BookingHead({ file }: { file: BookingFile }) {
  const { reference, serviceName, status, urgency, heldAt, attention } = file.booking;
  return (
    <header class="stack">
      <p class="cluster">
        <Copyable reference={reference} />
        <BookingStatus status={status} />
        <UrgencyMark urgency={urgency} />
        {heldAt !== null && <span class="badge">On hold</span>}
        {attention !== null && <span class="badge">Needs attention</span>}
        {file.room && <a href={`/admin/bookings/${reference}/chat`}>Open the chat</a>}
      </p>
      <h1>{serviceName}</h1>
    </header>
  );
}

const Copyable = ({ reference }: { reference: string }) => (
  <span class="copyable">
    <span class="reference">{reference}</span>
    <button type="button" class="copy" data-copy={reference}>Copy</button>
  </span>
);
