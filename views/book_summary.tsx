import type { Urgency } from "../db/schema.ts";
import type { Service } from "../db/services.ts";
import { days, fullDate, instant, money, zoneName } from "./format.tsx";
import type { Site } from "./layout.tsx";
import { priceOf } from "./services.tsx";
import { UrgencyMark } from "./status.tsx";

export type SummaryProps = {
  site: Site;
  service: Service | undefined;
  urgency: Urgency;
  now: number;
  /** Hours until a booking approves itself. */
  hours: number;
  urgentHours: number;
  /** The highest price that approves itself, in minor units; null without a limit. */
  approvalLimitMinor: number | null;
};

const HOUR = 3_600_000;

/** Asks for itself anew, with no more of the form than it needs. */
const follow = {
  "data-hx-get": "/book",
  "data-hx-trigger": "change from:[name=service], change from:[name=urgency]",
  "data-hx-include": "[name=service], [name=urgency]:checked",
  "data-hx-swap": "outerHTML",
};

/** What was chosen and what we promise for it; follows the choice. */
export function BookSummary(props: SummaryProps) {
  const { site, service } = props;
  return (
    <div id="book-summary" class="stack" aria-live="polite" {...follow}>
      <h2>{service ? service.name : "Your booking"}</h2>
      {service && <p class="price">{priceOf(site, service)}</p>}
      {service
        ? <OurPromise {...props} service={service} />
        : <p>Choose a service to see its price, its days and our promise.</p>}
    </div>
  );
}

type PromiseProps = SummaryProps & { service: Service };

function OurPromise(props: PromiseProps) {
  const { site, service, urgency, now, hours, urgentHours } = props;
  const answer = now + (["high", "urgent"].includes(urgency) ? urgentHours : hours) * HOUR;
  const delivery = answer + service.deliveryDays * 24 * HOUR;
  return (
    <>
      <dl class="facts">
        <dt>Urgency</dt>
        <dd>
          <UrgencyMark urgency={urgency} />
        </dd>
        <dt>Our answer</dt>
        <dd>
          by <At {...props} at={answer} />
        </dd>
        <dt>Delivery</dt>
        <dd>
          {days(service.deliveryDays)} after you pay: if you do so at once, by{" "}
          {fullDate(delivery, site.agency.timezone)}
        </dd>
      </dl>
      <p>{approvesItself(props) ? approval(props) : looked(service)}</p>
    </>
  );
}

const approvesItself = ({ service, approvalLimitMinor: limit }: PromiseProps) =>
  service.approvesItself && service.priceMinor !== null &&
  (limit === null || service.priceMinor <= limit);

const looked = ({ priceMinor }: Service) =>
  priceMinor === null
    ? "We look at what you need and send you a price. You decide then."
    : "One of us looks at what you need and answers you. You decide then.";

const approval = ({ site, service: { priceMinor } }: PromiseProps) =>
  `If we have not answered by then, it approves itself at ${
    money(priceMinor ?? 0, site.agency.currency)
  }.`;

const At = ({ site, at, now }: Pick<SummaryProps, "site" | "now"> & { at: number }) => (
  <time datetime={new Date(at).toISOString()}>
    {instant(at, site.agency.timezone, now)} {zoneName(site.agency.timezone)}
  </time>
);
