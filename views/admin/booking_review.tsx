import { days, money } from "../format.tsx";
import { otherActions, PrimaryAction } from "./booking_actions.tsx";
import { Deadline } from "./deadlines.tsx";
import { listAddress } from "./list_filters.tsx";
import { type Acting, boxOf } from "./move_forms.tsx";

const LIST = "/admin/bookings";

/** Opens or closes the review of a row in its place; without a script the list comes again with it open. */
export function ReviewLink({ at }: { at: Acting }) {
  const { booking: { reference, status }, open, back = "" } = at;
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
      data-hx-get={part}
      data-hx-target={`#${boxOf(at.booking)}`}
      data-hx-swap="outerHTML"
    >
      {open ? "Close" : status === "pending" ? "Review" : "Open"}
    </a>
  );
}

type ReviewProps = { at: Acting; now: number };

/** What a booking is about and all that may be done with it, without leaving the list. */
export function BookingReview({ at, now }: ReviewProps) {
  const others = otherActions(at);
  const primary = PrimaryAction({ at });
  return (
    <div class="split">
      <div class="stack">
        <p class="details">{at.booking.details}</p>
        <Terms at={at} now={now} />
      </div>
      <div class="stack">
        {primary}
        {others.length > 0 && <div class="cluster">{others}</div>}
        {!primary && others.length === 0 && <p class="hint">Nothing is left to do here.</p>}
      </div>
    </div>
  );
}

function Terms({ at, now }: ReviewProps) {
  const { booking } = at;
  const { deliveryDays, cataloguePriceMinor, currency, status } = booking;
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
      {status === "pending" && (
        <div>
          <dt>Clock</dt>
          <dd>
            <Deadline booking={booking} now={now} />
          </dd>
        </div>
      )}
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
