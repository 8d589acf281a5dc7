import { Hidden } from "../form.tsx";
import type { Acting } from "./move_forms.tsx";

type Props = { at: Acting; blocked: boolean };

/** Whether anything of this client's may approve itself. */
export function ClientBlock({ at: { booking }, blocked }: Props) {
  return (
    <section class="stack" id="client-block">
      <h2>Automatic approval</h2>
      <p>
        {blocked
          ? "It is blocked: a person answers every booking of theirs."
          : "Their bookings may approve themselves when nobody answers in time."}
      </p>
      <form method="post" action={`/admin/bookings/${booking.reference}/client-block`}>
        <Hidden name="blocked" value={blocked ? "no" : "yes"} />
        <button type="submit">
          {blocked ? "Let their bookings approve themselves" : "Block it for this client"}
        </button>
      </form>
    </section>
  );
}
