import { amount, number, Table, TimeCell } from "../admin/tables.tsx";
import { FilterLinks } from "../admin/list_filters.tsx";
import { Copyable } from "../copyables.tsx";
import { money, Time } from "../format.tsx";
import { Icon } from "../layout.tsx";
import { BookingStatus, PaymentState, UrgencyMark } from "../status.tsx";
import { UnreadBadge } from "../unread.tsx";
import type { ComponentsProps } from "./page.tsx";

export const Type = () => (
  <div class="prose">
    <h3>A heading of the third order</h3>
    <p class="lead">A lead says in one breath what a page is about.</p>
    <p>
      Text has at most 68 characters a line, <strong>weight</strong> makes hierarchy, and{" "}
      <a href="#of-type">links</a> are underlined.
    </p>
    <p class="hint">A hint stands below what it explains.</p>
    <p class="price">{money(1234_00, "USD")}</p>
  </div>
);

export const Buttons = () => (
  <div class="cluster">
    <button type="button" class="primary">Approve at {money(149_00, "USD")}</button>
    <button type="button">Hold</button>
    <button type="button" class="quiet">Sign out</button>
    <button type="button" class="danger">Reject</button>
    <button type="button" class="primary" disabled>Pay {money(149_00, "USD")}</button>
    <a class="button" href="#of-buttons">
      <Icon name="message-circle" /> Open the chat
    </a>
  </div>
);

type MarksProps = Pick<ComponentsProps, "statuses" | "payments" | "urgencies">;

export const Marks = ({ statuses, payments, urgencies }: MarksProps) => (
  <div class="stack">
    <p class="cluster">{statuses.map((status) => <BookingStatus status={status} />)}</p>
    <p class="cluster">{payments.map((status) => <PaymentState status={status} />)}</p>
    <p class="cluster">{urgencies.map((urgency) => <UrgencyMark urgency={urgency} />)}</p>
    <p class="cluster">
      <UnreadBadge count={1} of="new message" />
      <UnreadBadge count={120} of="new messages" />
    </p>
  </div>
);

const query = { status: "pending" };
const options: [string, string][] = [["pending", "Pending"], ["paid", "Paid"]];

export const Rows = ({ now, site: { agency: { timezone: zone } } }: ComponentsProps) => (
  <div class="stack">
    <FilterLinks path="/dev/components" {...{ query, options }} name="status" label="Filter" />
    <Table columns={["Reference", "Booked", number("Days"), amount("Price")]}>
      {(["urgent", "high", "low"] as const).map((urgency, at) => (
        <tr data-urgency={urgency}>
          <td>
            <a href="#of-tables" class="reference">CP2026ABC12{at}</a>
          </td>
          <TimeCell {...{ now, zone }} at={now - at * 90_000_000} />
          <td class="number">{7 * at + 1}</td>
          <td class="amount">{money(149_00 * 10 ** at, "USD")}</td>
        </tr>
      ))}
    </Table>
    <dl class="facts">
      <Copyable label="IBAN" value="DE89 3704 0044 0532 0130 00" />
      <div>
        <dt>Due</dt>
        <dd>
          <Time {...{ now, zone }} at={now + 190_000_000} />
        </dd>
      </div>
    </dl>
  </div>
);
