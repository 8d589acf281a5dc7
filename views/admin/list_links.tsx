import { type Filter, listAddress } from "./list_filters.tsx";

type PagerProps = {
  path: string;
  query: Filter;
  cursor: string;
  next: string | number | null;
  word?: string;
};

/** Back to the first page and on to the next, keeping the filters. */
export function Pager({ path, query, cursor, next, word = "Older" }: PagerProps) {
  return (
    <p class="pager">
      {query[cursor] !== undefined && <a href={listAddress(path, query, {})}>First page</a>}
      {next !== null && <a href={listAddress(path, query, { [cursor]: next })}>{word}</a>}
    </p>
  );
}

/** A booking's reference, leading to its page. */
export function Reference({ of }: { of: string }) {
  return <a class="reference" href={`/admin/bookings/${of}`}>{of}</a>;
}
