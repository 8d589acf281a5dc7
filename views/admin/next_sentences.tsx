import type { Child } from "hono/jsx";
import type { BookingFile } from "../../db/booking_finders.ts";
import type { Status } from "../../db/booking_status.ts";
import { ApprovalPromise, whyNotWords } from "../approvals.tsx";
import { money, Time } from "../format.tsx";
import { Deadline } from "./deadlines.tsx";
import type { Check } from "./payment_forms.tsx";

type Props = { file: BookingFile; checks: Check[]; now: number; zone: string };

/** Who must act next, and what they do: seen from the admin's side. */
export function NextSentence(props: Props) {
  const { file: { booking }, checks } = props;
  const odd = booking.status !== "payment_pending" && checks.some((check) => check.needsPerson);
  return (
    <>
      {odd && (
        <>
          <strong>A payment waits for you:</strong> <a href="#payments">decide it first</a>.{" "}
        </>
      )}
      {sentences[booking.status](props)}
    </>
  );
}

const sentences: Record<Status, (props: Props) => Child> = {
  pending: (props) => (
    <>
      <strong>Next: you approve or reject.</strong> It <Pending {...props} />.
    </>
  ),
  approved: ({ file: { booking }, now, zone }) => (
    <>
      <strong>Next: the client pays {priceOf(booking)}.</strong>
      {booking.payBy && (
        <>
          {" "}Due <Time at={booking.payBy} now={now} zone={zone} />.
        </>
      )}
    </>
  ),
  payment_pending: ({ file: { booking }, checks }) =>
    checks.some((check) => check.needsPerson)
      ? (
        <>
          <strong>Next: you look for {priceOf(booking)} on the statement</strong> and{" "}
          <a href="#payments">confirm or refuse the payment</a>.
        </>
      )
      : <strong>Next: the payment of {priceOf(booking)} comes through.</strong>,
  paid: () => (
    <>
      <strong>Next: you start.</strong> The first message in the chat starts the work too.
    </>
  ),
  in_progress: () => (
    <>
      <strong>Next: you deliver.</strong> Complete the booking when the client has everything.
    </>
  ),
  completed: () => <strong>Nothing to do: this is delivered.</strong>,
  rejected: () => <strong>Nothing to do: this was rejected.</strong>,
  cancelled: () => <strong>Nothing to do: this was cancelled.</strong>,
  expired: ({ file: { booking } }) => (
    <>
      <strong>Nobody paid {priceOf(booking)} in time.</strong>{" "}
      Reinstate it when the client asks: they get a new date to pay by.
    </>
  ),
};

/** The same words as the client reads, and how long that is. */
function Pending({ file: { booking }, now, zone }: Props) {
  const { heldAt, attention, autoApproveAt } = booking;
  if (heldAt !== null) {
    return (
      <>
        is <Deadline {...{ booking, now }} />
      </>
    );
  }
  if (attention !== null) return <>does not approve itself: {whyNotWords(attention)}</>;
  if (autoApproveAt === null) return <Deadline {...{ booking, now }} />;
  return (
    <>
      is <ApprovalPromise {...{ booking, now, zone }} />
    </>
  );
}

const priceOf = ({ priceMinor, currency }: BookingFile["booking"]) =>
  money(priceMinor ?? 0, currency);
