import type { Email } from "../../db/emails.ts";
import type { Template } from "../../db/schema.ts";
import { Hidden } from "../form.tsx";
import { templateWords } from "./email_words.ts";
import { type Filter, SearchField } from "./list_filters.tsx";

export type EmailQuery = Filter & {
  status?: Email["status"];
  template?: Template;
  booking?: string;
  before?: number;
};

const PATH = "/admin/emails";

/** Narrows the log to a booking or a kind of mail. */
export function EmailFilters(
  { query, templates }: { query: EmailQuery; templates: readonly Template[] },
) {
  const { status, template, booking } = query;
  return (
    <form class="cluster search" role="search" action={PATH}>
      {status && <Hidden name="status" value={status} />}
      <SearchField name="booking" label="Booking" value={booking} />
      <div>
        <select name="template" aria-label="Kind of mail">
          <option value="">Every kind</option>
          {templates.map((name) => (
            <option value={name} selected={name === template}>{templateWords(name)}</option>
          ))}
        </select>
      </div>
      <button type="submit">Filter</button>
      {(status || template || booking) && <a href={PATH}>Show everything</a>}
    </form>
  );
}
