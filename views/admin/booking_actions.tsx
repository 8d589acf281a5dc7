import type { Move } from "../../db/booking_status.ts";
import { Input } from "../form.tsx";
import { money } from "../format.tsx";
import {
  type Acting,
  ApprovalFields,
  Disclosure,
  fieldOf,
  MoveForm,
  ReasonField,
} from "./move_forms.tsx";
import { MoneyFields } from "./money_fields.tsx";

/** The one next thing an admin does with a booking; nothing where the next step is the client's. */
export function PrimaryAction({ at }: { at: Acting }) {
  const move = at.moves.find((move) => move in primary);
  return move ? primary[move]?.(at) ?? null : null;
}

const primary: Partial<Record<Move, (at: Acting) => ReturnType<typeof MoveForm>>> = {
  approve: (at) => (
    <MoveForm at={at} action="approval">
      <ApprovalFields at={at} />
    </MoveForm>
  ),
  start: (at) => (
    <MoveForm at={at} action="start">
      <button type="submit" class="primary">Start the work</button>
    </MoveForm>
  ),
  complete: (at) => (
    <MoveForm at={at} action="completion">
      <button type="submit" class="primary">Complete this booking</button>
    </MoveForm>
  ),
  reinstate: (at) => (
    <MoveForm at={at} action="reinstatement">
      <button type="submit" class="primary">
        Reinstate at {money(at.booking.priceMinor ?? 0, at.booking.currency)}
      </button>
    </MoveForm>
  ),
};

/** What else answers a booking that waits for review: it belongs beside the approval. */
const answers: Move[] = ["hold", "reject"];
const answersIt = (move: Move, { moves }: Acting) =>
  moves.includes("approve") && answers.includes(move);

export function OtherAnswers({ at }: { at: Acting }) {
  const shown = actionsOf(at, (move) => answersIt(move, at));
  return shown.length > 0 ? <div class="cluster">{shown}</div> : null;
}

/** All else that may be done with a booking as it stands. */
export function OtherActions({ at }: { at: Acting }) {
  const others = actionsOf(at, (move) => !answersIt(move, at));
  if (others.length === 0) return null;
  return (
    <section class="stack">
      <h2>More</h2>
      {others}
    </section>
  );
}

export const otherActions = (at: Acting) => actionsOf(at, () => true);
const actionsOf = (at: Acting, wanted: (move: Move) => boolean) =>
  at.moves.filter(wanted).flatMap((move) => other[move]?.(at) ?? []);

const other: Partial<Record<Move, (at: Acting) => ReturnType<typeof MoveForm>>> = {
  hold: (at) => <Hold at={at} />,
  reject: (at) => (
    <Reasoned at={at} action="rejection" label="Reject" button="Reject this booking" />
  ),
  undo: (at) => (
    <MoveForm at={at} action="undo">
      <button type="submit">Take this decision back</button>
    </MoveForm>
  ),
  cancel: (at) => (
    <Disclosure at={at} action="cancellation" label="Cancel" leaves>
      <MoneyFields at={at} />
      <ReasonField at={at} action="cancellation" />
      <button type="submit" class="danger">Cancel this booking</button>
    </Disclosure>
  ),
  revoke: (at) => (
    <Reasoned
      at={at}
      action="revocation"
      label="Take the automatic approval back"
      button="Take it back"
      leaves
    />
  ),
  reopen: (at) => <Reasoned at={at} action="reopening" label="Reopen" button="Take it up again" />,
  confirm_payment: (at) => <OutsidePayment at={at} />,
};

/** One form for both ways: holding stops the clock, releasing lets it run on. */
function Hold({ at }: { at: Acting }) {
  const holds = at.booking.heldAt === null;
  return (
    <MoveForm at={at} action="hold">
      {holds && (
        <Input
          {...fieldOf(at, "hold", { name: "reason" })}
          label="Why it is held"
          hint="For staff alone. It may stay empty."
          maxlength={2000}
        />
      )}
      <button type="submit">{holds ? "Hold" : "Release"}</button>
    </MoveForm>
  );
}

type ReasonedProps = {
  at: Acting;
  action: string;
  label: string;
  button: string;
  leaves?: boolean;
};

function Reasoned({ button, ...props }: ReasonedProps) {
  return (
    <Disclosure {...props}>
      <ReasonField {...props} />
      <button type="submit" class="danger">{button}</button>
    </Disclosure>
  );
}

function OutsidePayment({ at }: { at: Acting }) {
  const { booking, idempotencyKey } = at;
  const field = (name: string) => fieldOf(at, "payments", { name, values: { amount: at.price } });
  return (
    <Disclosure at={at} action="payments" label="Record a payment made elsewhere" leaves>
      <input type="hidden" name="idempotency_key" value={idempotencyKey} />
      <Input
        {...field("amount")}
        label="Amount"
        unit={booking.currency}
        inputmode="decimal"
        maxlength={20}
        required
      />
      <Input {...field("received_on")} label="Received on" type="date" />
      <Input {...field("reference")} label="Where to find it" maxlength={140} />
      <button type="submit">Record this payment</button>
    </Disclosure>
  );
}
