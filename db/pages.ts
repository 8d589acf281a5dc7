/** A page of rows of which one more was read than it holds; `last` is its last one where others follow, else null. */
export function pageOf<Row>(rows: Row[], size: number): { page: Row[]; last: Row | null } {
  const page = rows.slice(0, size);
  return { page, last: rows.length > size ? page.at(-1) ?? null : null };
}
