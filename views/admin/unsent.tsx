import type { Move } from "../../db/booking_status.ts";
import type { FormState } from "../form.tsx";
import type { Acting } from "./move_forms.tsx";

/** Which move a form asks for that takes words. */
const moves: Record<string, Move> = {
  approval: "approve",
  rejection: "reject",
  hold: "hold",
  cancellation: "cancel",
  reopening: "reopen",
  revocation: "revoke",
  payments: "confirm_payment",
};

const labels: [field: string, label: string][] = [
  ["price", "Price"],
  ["amount", "Amount"],
  ["received_on", "Received on"],
  ["reference", "Where to find it"],
  ["note", "Note"],
  ["reason", "Reason"],
];

type UnsentProps = { at: Acting; action: string; form: FormState };

/** What somebody wrote for a decision that another one came before, where no form is left to hold it. */
export function Unsent({ at, action, form }: UnsentProps) {
  const written = labels.flatMap(([field, label]) => {
    const words = form.values[field];
    return words ? [{ label, words }] : [];
  });
  if (written.length === 0 || isOffered(at, action)) return null;
  return (
    <>
      <p>This is what you had written:</p>
      <dl class="facts">
        {written.map(({ label, words }) => (
          <>
            <dt>{label}</dt>
            <dd>{words}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

/** Who finds a booking held by somebody else is offered its release, which has no words. */
function isOffered({ moves: offered, booking }: Acting, action: string) {
  const move = moves[action];
  return move !== undefined && offered.includes(move) &&
    !(move === "hold" && booking.heldAt !== null);
}
