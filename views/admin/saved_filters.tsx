import type { SavedFilter } from "../../db/saved_filters.ts";
import { ErrorSummary, type FormState, Hidden, Input } from "../form.tsx";

const LIST = "/admin/bookings";

type Props = {
  filters: SavedFilter[];
  /** What stands behind the question mark of this list now; empty for all bookings. */
  present: string;
  form: FormState;
};

/** Above a list: the ways to narrow it that an admin keeps, and the present one to keep. */
export function SavedFilters({ filters, present, form }: Props) {
  const known = filters.find(({ query }) => query === present);
  if (filters.length === 0 && !present) return null;
  return (
    <div class="cluster saved-filters">
      {filters.length > 0 && (
        <nav aria-label="Your filters">
          <ul class="filters">
            {filters.map(({ name, query }) => (
              <li>
                <a href={`${LIST}?${query}`} {...(query === present ? current : {})}>{name}</a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {known ? <Remove filter={known} /> : present && <Keep present={present} form={form} />}
    </div>
  );
}

const current = { "aria-current": "true" as const };

const Remove = ({ filter }: { filter: SavedFilter }) => (
  <form method="post" action={`${LIST}/filters/${filter.id}/removal`}>
    <button type="submit" class="quiet">
      Forget this filter
    </button>
  </form>
);

const Keep = ({ present, form }: Pick<Props, "present" | "form">) => (
  <details class="action" open={Object.keys(form.errors).length > 0}>
    <summary>Keep this filter</summary>
    <form method="post" action={`${LIST}/filters`} class="stack">
      <ErrorSummary form={form} />
      <Input name="name" label="Name" form={form} maxlength={40} required />
      <button type="submit">Keep it</button>
      <Hidden name="query" value={present} />
    </form>
  </details>
);
