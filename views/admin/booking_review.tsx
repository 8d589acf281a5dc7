import { days, money } from "../format.tsx";
import { Hold, PrimaryAction, Reject } from "./booking_actions.tsx";
import { Deadline } from "./deadlines.tsx";
import { listAddress } from "./list_filters.tsx";
import { type Acting, boxOf } from "./move_forms.tsx";

const LIST = "/admin/bookings";

/** Opens or closes the review of a row in its place; without a script the list comes again with it open. */
export function ReviewLink({ at }: { at: Acting }) {
  const { booking: { reference, status }, open, back = "" } = at;
  if (status !== "pending") return null;
  const listed = Object.fromEntries(new URLSearchParams(back));
  const here = listAddress(LIST, listed, {
    ...{ page: listed.page, open: open ? undefined : reference },
  });
  const view = open ? "row" : "review";
  const part = listAddress(`${LIST}/${reference}`, { view, back: back || undefined }, {});
  return (
    <a
      class="review-link"
      id={`${reference}-review`}
      href={`${here}#${boxOf(at.booking)}`}
      hx-get={part}
      hx-target={`#${boxOf(at.booking)}`}
      hx-swap="outerHTML"
    >
      {open ? "Close" : "Review"}
    </a>
  );
}

type ReviewProps = { at: Acting; now: number };

/** All that a pending booking waits for, without leaving the list. */
export const BookingReview = ({ at, now }: ReviewProps) => (
  <div class="split">
    <div class="stack">
      <p class="details">{at.booking.details}</p>
      <Terms at={at} now={now} />
    </div>
    <div class="stack">
      <PrimaryAction at={at} />
      <div class="cluster">
        <Hold at={at} />
        <Reject at={at} />
      </div>
    </div>
  </div>
);

function Terms({ at, now }: ReviewProps) {
  const { booking } = at;
  const { deliveryDays, cataloguePriceMinor, currency } = booking;
  const price = cataloguePriceMinor === null
    ? "after review"
    : money(cataloguePriceMinor, currency);
  return (
    <dl class="facts">
      <div>
        <dt>Client</dt>
        <dd>
          <Client booking={booking} />
        </dd>
      </div>
      <div>
        <dt>Catalogue</dt>
        <dd>{price}, delivered in {days(deliveryDays)}</dd>
      </div>
      <div>
        <dt>Clock</dt>
        <dd>
          <Deadline booking={booking} now={now} />
        </dd>
      </div>
    </dl>
  );
}

function Client({ booking }: Pick<Acting, "booking">) {
  const { clientName, clientCompany, clientEmail, clientPhone } = booking;
  return (
    <>
      {[clientName, clientCompany].filter(Boolean).join(", ")}
      <br />
      <a href={`mailto:${clientEmail}`}>{clientEmail}</a>
      {clientPhone && `, ${clientPhone}`}
    </>
  );
}
