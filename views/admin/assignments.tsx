import type { Colleague } from "../../db/assignments.ts";
import { Select } from "../form.tsx";
import { type Acting, fieldOf } from "./move_forms.tsx";

type Props = { at: Acting; colleagues: Colleague[] };

/** Who looks after a booking: an agent sees no others than theirs. */
export function Assignment({ at, colleagues }: Props) {
  const { reference, assignedTo } = at.booking;
  return (
    <section class="stack" id="assignment">
      <h2>Assignment</h2>
      <form method="post" action={`/admin/bookings/${reference}/assignment`} class="stack">
        <Select
          {...fieldOf(at, "assignment", { name: "admin" })}
          label="Who looks after this booking"
          hint="Owners and managers see every booking, agents only those given to them."
        >
          <option value="">Nobody in particular</option>
          {colleagues.map(({ id, name, role }) => (
            <option value={id} selected={id === assignedTo}>{name}, {role}</option>
          ))}
        </Select>
        <button type="submit">Give it to them</button>
      </form>
    </section>
  );
}
