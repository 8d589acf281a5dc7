import type { BookingFile } from "../../db/booking_finders.ts";
import type { Child } from "hono/jsx";
import { days, money, Time } from "../format.tsx";

type Props = { file: BookingFile; now: number; zone: string };

/** Who booked, what was agreed, and by when. */
export function Facts(props: Props) {
  return (
    <section class="stack">
      <h2>Facts</h2>
      <dl class="facts">
        <ClientFacts {...props} />
        <TermFacts {...props} />
      </dl>
    </section>
  );
}

function ClientFacts({ file: { booking, claimed } }: Props) {
  return (
    <>
      <Fact label="Client">{booking.clientName}</Fact>
      <Fact label="Company">{booking.clientCompany}</Fact>
      <Fact label="E-mail">
        <a href={`mailto:${booking.clientEmail}`}>{booking.clientEmail}</a>
      </Fact>
      <Fact label="Phone">{booking.clientPhone}</Fact>
      <Fact label="Account">{claimed ? "has a password" : "not claimed yet"}</Fact>
    </>
  );
}

function TermFacts({ file: { booking }, now, zone }: Props) {
  const { cataloguePriceMinor, priceMinor, currency } = booking;
  const price = (minor: number | null, none: string) =>
    minor === null ? none : money(minor, currency);
  const time = (at: number) => <Time at={at} now={now} zone={zone} />;
  return (
    <>
      <Fact label="Catalogue price">{price(cataloguePriceMinor, "after review")}</Fact>
      <Fact label="Price">{price(priceMinor, "not fixed yet")}</Fact>
      <Fact label="Delivery">{days(booking.deliveryDays)}</Fact>
      <Fact label="Booked">{time(booking.createdAt)}</Fact>
      <Fact label="Pay by">
        {booking.status === "approved" && booking.payBy && time(booking.payBy)}
      </Fact>
      <Fact label="Note to the client">{booking.approvalNote}</Fact>
    </>
  );
}

function Fact({ label, children }: { label: string; children?: Child }) {
  if (!children) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
