import type { Child } from "hono/jsx";
import type { Status } from "../../db/booking_status.ts";
import type { PaymentStatus, Urgency } from "../../db/schema.ts";
import { NoBookings } from "../dashboards.tsx";
import { Layout, type Site } from "../layout.tsx";
import { Cards, Choosing, Fields, Notices } from "./forms.tsx";
import { Bookings, Conversation, Money } from "./stages.tsx";
import { Buttons, Marks, Rows, Type } from "./basics.tsx";

export type ComponentsProps = {
  site: Site;
  now: number;
  statuses: readonly Status[];
  payments: readonly PaymentStatus[];
  urgencies: readonly Urgency[];
  /** The charts, loaded by whoever shows this. */
  charts: Child;
};

/** Every component in every state, made by the functions that the pages use. */
export function ComponentsPage(props: ComponentsProps) {
  return (
    <Layout site={props.site} title="Components" live staff>
      <h1>Components</h1>
      <p class="lead">
        Everything the pages are made of, in every state.{" "}
        <a href="/dev/mail/templates">The mails</a>
      </p>
      {sections(props).map(([name, shown]) => (
        <section class="section" id={`of-${name.toLowerCase()}`}>
          <h2>{name}</h2>
          {shown}
        </section>
      ))}
    </Layout>
  );
}

const sections = (props: ComponentsProps): [string, Child][] => [
  ["Type", <Type />],
  ["Buttons", <Buttons />],
  ["Fields", <Fields />],
  ["Choices", <Choosing />],
  ["Notices", <Notices />],
  ["Statuses", <Marks {...props} />],
  ["Cards", <Cards {...props} />],
  ["Tables", <Rows {...props} />],
  ["Bookings", <Bookings {...props} />],
  ["Money", <Money {...props} />],
  ["Chat", <Conversation {...props} />],
  ["Emptiness", <NoBookings />],
  ["Charts", props.charts],
];
