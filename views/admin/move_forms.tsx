import type { Child } from "hono/jsx";
import type { Booking } from "../../db/booking_moves.ts";
import type { Move } from "../../db/booking_status.ts";
import { type FormState, Hidden, inPlace, Input, TextArea } from "../form.tsx";
import { money } from "../format.tsx";
import { Alert } from "../layout.tsx";
import { Unsent } from "./unsent.tsx";

/** A booking as an admin may act on it, in a row of the list or on its own page. */
export type Acting = {
  booking: Booking;
  moves: Move[];
  view: "row" | "page";
  /** The catalogue or approved price as a plain decimal; empty when there is none. */
  price: string;
  /** Makes a payment that is recorded here count once. */
  idempotencyKey: string;
  /** What a paid booking's payments still hold, in minor units: its end says what happens with that. */
  held?: number;
  /** The query of the list to come back to. */
  back?: string;
  /** A row that shows the whole review. */
  open?: boolean;
  /** What was done a moment ago, and by which action it is taken back, while it can be. */
  done?: { move: string; undo: "undo" | "hold" | null };
  trouble?: Trouble;
};
/** Why nothing was changed: a form to mend, or a sentence, with the form that came too late. */
export type Trouble = { action: string; form: FormState; notice?: string } | { notice: string };

export const boxOf = (booking: Booking) => `booking-${booking.reference}`;
/** What a booking's element says about it, for scripts and checks. */
export const bookingMarks = ({ reference, status, urgency }: Booking) => ({
  "data-reference": reference,
  "data-status": status,
  "data-urgency": urgency,
});
const idOf = (booking: Booking, action: string, field: string) =>
  `${booking.reference}-${action}-${field}`;

export function TroubleAlert({ at }: { at: Acting }) {
  const { trouble, booking } = at;
  if (!trouble) return null;
  if (!("form" in trouble)) return <Alert>{trouble.notice}</Alert>;
  if (!trouble.notice) return <ToMend booking={booking} {...trouble} />;
  return (
    <Alert>
      <p>{trouble.notice}</p>
      <Unsent at={at} {...trouble} />
    </Alert>
  );
}

function ToMend({ booking, action, form }: { booking: Booking; action: string; form: FormState }) {
  return (
    <div class="alert bad error-summary" role="alert" tabindex={-1}>
      <p>
        <strong>Nothing was changed.</strong>
      </p>
      <ul>
        {Object.entries(form.errors).map(([field, message]) => (
          <li>
            <a href={`#${idOf(booking, action, field)}`}>{message}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

type FormProps = {
  at: Acting;
  /** The last part of the address. */
  action: string;
  /** Leads to a new page from a booking's own: it changes more than its box shows. */
  leaves?: boolean;
  children: Child;
};

export function MoveForm({ at, action, leaves, children }: FormProps) {
  const { booking, view, back } = at;
  const url = `/admin/bookings/${booking.reference}/${action}`;
  const swap = leaves && view === "page" ? {} : inPlace(url, boxOf(booking));
  return (
    <form method="post" action={url} class="stack" {...swap}>
      {children}
      <Hidden name="version" value={booking.version} />
      <Hidden name="view" value={view} />
      {back && <Hidden name="back" value={back} />}
    </form>
  );
}

/** The small form of one action, closed until it is wanted or has something to mend. */
export function Disclosure(props: FormProps & { label: string }) {
  const { at, action, label } = props;
  return (
    <details class="action" open={isWrong(at, action)}>
      <summary>{label}</summary>
      <MoveForm {...props} />
    </details>
  );
}

const isWrong = ({ trouble }: Acting, action: string) =>
  trouble !== undefined && "form" in trouble && trouble.action === action;

/** What belongs into a field of `action`: its id and what was typed, else `values`. */
export function fieldOf(
  at: Acting,
  action: string,
  field: { name: string; values?: Record<string, string> },
) {
  const { trouble } = at;
  const typed = trouble && "form" in trouble && trouble.action === action
    ? trouble.form
    : undefined;
  const form = typed ?? { values: field.values ?? {}, errors: {} };
  return { name: field.name, id: idOf(at.booking, action, field.name), form };
}

export function ReasonField({ at, action }: { at: Acting; action: string }) {
  return (
    <TextArea
      {...fieldOf(at, action, { name: "reason" })}
      label="Reason"
      hint={action === "reopening" ? undefined : "The client reads it in the e-mail."}
      maxlength={2000}
      rows={3}
      required
    />
  );
}

export function ApprovalFields({ at }: { at: Acting }) {
  const price = fieldOf(at, "approval", { name: "price", values: { price: at.price } });
  return (
    <>
      <Input
        {...price}
        label="Price"
        unit={at.booking.currency}
        inputmode="decimal"
        maxlength={20}
        required
      />
      <TextArea
        {...fieldOf(at, "approval", { name: "note" })}
        label="Note to the client"
        maxlength={2000}
        rows={2}
      />
      <ApproveButton at={at} />
    </>
  );
}

/** Names the amount until another is typed: the stylesheet sees that without a script. */
function ApproveButton({ at }: { at: Acting }) {
  const { reference, cataloguePriceMinor, currency } = at.booking;
  const known = cataloguePriceMinor !== null && !isWrong(at, "approval");
  return (
    <button type="submit" class="primary approve" id={`${reference}-approve`}>
      {known && <span class="as-priced">Approve at {money(cataloguePriceMinor, currency)}</span>}
      <span class={known ? "as-typed" : undefined}>Approve at this price</span>
    </button>
  );
}
