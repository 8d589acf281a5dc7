import type { Service } from "../db/services.ts";
import { days, instant, zoneName } from "./format.tsx";
import type { Site } from "./layout.tsx";
import { priceOf } from "./services.tsx";

export type SummaryProps = {
  site: Site;
  service: Service | undefined;
  now: number;
  /** Hours until a booking approves itself. */
  hours: number;
  urgentHours: number;
  /** The highest price that approves itself, in minor units; null without a limit. */
  approvalLimitMinor: number | null;
};

/** What was chosen and what we promise for it; follows the choice. */
export function BookSummary(props: SummaryProps) {
  const { site, service } = props;
  return (
    <aside id="book-summary" class="card follow" aria-live="polite">
      <h2>{service ? service.name : "Your booking"}</h2>
      {service && <p class="price">{priceOf(site, service)}</p>}
      {service && <p>Delivered within {days(service.deliveryDays)} of your payment.</p>}
      <OurPromise {...props} />
      <p class="hint">Booking costs nothing. You owe nothing until you pay.</p>
    </aside>
  );
}

function OurPromise(props: SummaryProps) {
  const { site, service, hours, urgentHours, approvalLimitMinor: limit } = props;
  if (!service) return <p>Choose a service to see its price, its days and our promise.</p>;
  if (service.priceMinor === null) {
    return <p>We look at what you need and send you a price. You decide then.</p>;
  }
  if (!service.approvesItself || (limit !== null && service.priceMinor > limit)) {
    return <p>One of us looks at what you need and answers you. You decide then.</p>;
  }
  return (
    <>
      <p>Sent now, it approves itself at this price unless we answer sooner:</p>
      <Deadlines {...props} />
      <p class="hint">
        That is after {hours === urgentHours ? hours : `${hours} and ${urgentHours}`}{" "}
        hours, in the time of {zoneName(site.agency.timezone)}.
      </p>
    </>
  );
}

function Deadlines({ site, now, hours, urgentHours }: SummaryProps) {
  const by = (after: number) => instant(now + after * 3_600_000, site.agency.timezone, now);
  return (
    <dl class="facts">
      <dt>Low, medium</dt>
      <dd>{by(hours)}</dd>
      <dt>High, urgent</dt>
      <dd>{by(urgentHours)}</dd>
    </dl>
  );
}
