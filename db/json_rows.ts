import { Column, getTableColumns, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/**
 * The rows of `query`, which selects `rowAsJson(…).as("row")`, as one value: reading a wide list so takes a fraction
 * of the time that rows of their own take. `rowsOf` reads it. The order is an inner query's, since libSQL's server
 * knows none within an aggregate.
 */
export const rowsAsJson = (query: SQLWrapper): SQL<string> =>
  sql<string>`(select json_group_array(json(row)) from (${query}))`;

/** A row of `table` as one value. `rowOf` reads it. */
export function rowAsJson(table: SQLiteTable): SQL<string> {
  const fields = Object.entries(getTableColumns(table))
    .map(([name, column]) => sql`${sql.raw(`'${name}'`)}, ${column}`);
  return sql<string>`json_object(${sql.join(fields, sql`, `)})`;
}

/** The rows that `rowsAsJson` made one value of. */
export function rowsOf<T extends SQLiteTable>(table: T, json: string): T["$inferSelect"][] {
  return (JSON.parse(json) as T["$inferSelect"][]).map((row) => typed(table, row));
}

/** The row that `rowAsJson` made one value of; undefined where there was none. */
export function rowOf<T extends SQLiteTable>(table: T, json: string | null | undefined) {
  return json ? typed(table, JSON.parse(json) as T["$inferSelect"]) : undefined;
}

/** Columns whose values are something else here than in the database, by table. */
const translated = new WeakMap<SQLiteTable, [string, Column][]>();

function typed<T extends SQLiteTable>(table: T, row: T["$inferSelect"]): T["$inferSelect"] {
  const columns = translated.get(table) ??
    Object.entries(getTableColumns(table)).filter(([, column]) =>
      column.mapFromDriverValue !== Column.prototype.mapFromDriverValue
    );
  translated.set(table, columns);
  const values: Record<string, unknown> = row;
  for (const [name, column] of columns) {
    if (values[name] !== null) values[name] = column.mapFromDriverValue(values[name]);
  }
  return row;
}
