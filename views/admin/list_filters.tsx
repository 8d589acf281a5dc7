/** What a list was narrowed to, as its address says it. */
export type Filter = Record<string, string | number | undefined>;

/** The address of the same list with something changed; a new filter starts on the first page. */
export function listAddress(path: string, query: Filter, change: Filter): string {
  const pairs = Object.entries({ ...query, page: undefined, before: undefined, ...change })
    .flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]]);
  const search = new URLSearchParams(pairs).toString();
  return search ? `${path}?${search}` : path;
}

type LinksProps = {
  path: string;
  query: Filter;
  name: string;
  label: string;
  options: [value: string, word: string][];
  /** There is no "All": one of the options always holds. */
  always?: boolean;
};

/** One filter of a list as a row of links: bookmarkable, and without a script. */
export function FilterLinks({ path, query, name, label, options, always }: LinksProps) {
  const all: [string | undefined, string][] = always ? options : [[undefined, "All"], ...options];
  return (
    <nav aria-label={label} class="filter">
      <span class="hint" aria-hidden="true">{label}</span>
      <ul class="filters">
        {all.map(([value, word]) => (
          <li>
            <a
              href={listAddress(path, query, { [name]: value })}
              {...chosen(query[name] === value)}
            >
              {word}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const chosen = (yes: boolean) => (yes ? { "aria-current": "true" as const } : {});

/** Narrows a list to what somebody types. */
export const SearchField = (
  { name, label, value }: { name: string; label: string; value?: string },
) => (
  <div>
    <input type="search" name={name} value={value} aria-label={label} placeholder={label} />
  </div>
);
