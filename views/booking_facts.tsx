import type { Child } from "hono/jsx";
import type { Booking } from "../db/booking_moves.ts";
import { type FormState, Hidden, TextArea } from "./form.tsx";
import { days, fullDate, Instant, money } from "./format.tsx";
import { Layout, type Site } from "./layout.tsx";
import { type Standing, talks } from "./next_steps.tsx";
import { UrgencyMark } from "./status.tsx";

type FactsProps = {
  booking: Booking;
  deliverBy?: number | null;
  now: number;
  zone: string;
  guest?: object;
};

/** What was booked. Whoever holds no more than the booking's link learns nobody's address or number. */
export function Facts({ booking, deliverBy, now, zone, guest }: FactsProps) {
  const facts: [string, Child][] = [
    ["Price", priceOf(booking)],
    ["Urgency", UrgencyMark({ urgency: booking.urgency })],
    ["Delivery", deliverBy ? `by ${fullDate(deliverBy, zone)}` : deliveryOf(booking)],
    ["Booked", Instant({ at: booking.createdAt, now, zone })],
    ["Contact", guest ? knownOf(booking) : contactOf(booking)],
    ["Details", booking.details],
  ];
  return <dl class="facts">{facts.map(([name, value]) => Fact({ name, value }))}</dl>;
}

const Fact = ({ name, value }: { name: string; value: Child }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const deliveryOf = ({ deliveryDays }: Booking) => `within ${days(deliveryDays)} of your payment`;

function priceOf({ priceMinor, cataloguePriceMinor, currency }: Booking): string {
  const price = priceMinor ?? cataloguePriceMinor;
  return price === null ? "Price after review" : money(price, currency);
}

const contactOf = ({ clientName, clientCompany, clientEmail, clientPhone }: Booking) =>
  [clientName, clientCompany, clientEmail, clientPhone].filter(Boolean).join("\n");

const knownOf = ({ clientName, clientCompany, clientEmail }: Booking) =>
  [clientName, clientCompany, masked(clientEmail)].filter(Boolean).join("\n");

type CancelProps = { booking: Booking; base: string; form: FormState };

export function CancelForm({ booking, base, form }: CancelProps) {
  return (
    <details class="action" open={form.errors.reason !== undefined}>
      <summary>Cancel this booking</summary>
      <form class="stack" method="post" action={`${base}/cancellation`}>
        <p>We stop all work on it. Nothing is charged.</p>
        <Hidden name="version" value={booking.version} />
        <TextArea name="reason" label="Why" form={form} maxlength={2000} rows={3} />
        <button type="submit" class="danger">Cancel {booking.reference}</button>
      </form>
    </details>
  );
}

/**
 * Until something is paid it reads the same whether or not the address has an account: anybody may have booked with
 * somebody else's.
 */
export function ClaimBox({ base, guest, booking }: Standing) {
  if (!guest || (guest.claimed && booking.status in talks)) return null;
  return (
    <form class="card" id="claim" method="post" action={`${base}/claim`}>
      <h2>Claim your account</h2>
      <p>
        Choose a password to see all your bookings and to talk with us in the chat. You have one
        already? <a href="/sign-in">Sign in</a>
      </p>
      <p class="hint">The link goes to the address {masked(booking.clientEmail)}</p>
      <button type="submit">Send me the link</button>
    </form>
  );
}

/** "al…@…": enough to know one's own address, not enough to learn somebody's. */
const masked = (email: string) => `${email.slice(0, 2)}…@…`;

type ClaimSentProps = { site: Site; booking: Booking; base: string };

/** Says where the link went. */
export function ClaimSentPage({ site, booking, base }: ClaimSentProps) {
  return (
    <Layout site={site} title="Look into your mail">
      <div class="stack">
        <h1>Look into your mail</h1>
        <p>
          We sent a link to <bdi>{masked(booking.clientEmail)}</bdi>: open it to choose a password.
        </p>
        <p>
          <a href={base}>Back to your booking</a>
        </p>
      </div>
    </Layout>
  );
}
