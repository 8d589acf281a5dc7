import { Choices, Input } from "../form.tsx";
import { money } from "../format.tsx";
import { type Acting, fieldOf } from "./move_forms.tsx";

/** The question that the end of a paid booking asks. */
export function MoneyFields({ at }: { at: Acting }) {
  const { booking: { currency }, held } = at;
  if (held === undefined) return null;
  const values = { money: held > 0 ? "refund_all" : "keep" };
  const all = { value: "refund_all", name: "All of it goes back", about: money(held, currency) };
  const part = { value: "refund_part", name: "A part goes back", about: "The amount below" };
  const keep = { value: "keep", name: "It stays with us", about: "Nothing goes back" };
  return (
    <>
      <Choices
        {...fieldOf(at, "cancellation", { name: "money", values })}
        label="What happens with the money"
        choices={held > 0 ? [all, part, keep] : [keep]}
        required
      />
      {held > 0 && (
        <Input
          {...fieldOf(at, "cancellation", { name: "refund_amount" })}
          {...{ unit: currency, inputmode: "decimal", maxlength: 20 }}
          label="Amount that goes back"
          hint="Only where a part does."
        />
      )}
    </>
  );
}
