import { Column, getTableColumns, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";
import { once } from "./prepared.ts";

/**
 * The rows of `query`, which selects `rowAsJson(…).as("row")`, as one value: reading a wide list so takes a fraction
 * of the time that rows of their own take. `rowsOf` reads it. The order is an inner query's, since libSQL's server
 * knows none within an aggregate.
 */
export const rowsAsJson = (query: SQLWrapper): SQL<string> =>
  sql<string>`(select json_group_array(json(row)) from (${query}))`;

/** A row of `table` as one value. `rowOf` reads it. */
export const rowAsJson = (table: SQLiteTable): SQL<string> => objectOf(getTableColumns(table));

/** Several columns as one value, which `JSON.parse` reads. */
export function objectOf(columns: Record<string, SQLWrapper>): SQL<string> {
  const fields = Object.entries(columns)
    .map(([name, column]) => sql`${sql.raw(`'${name}'`)}, ${column}`);
  return sql<string>`json_object(${sql.join(fields, sql`, `)})`;
}

/** The rows that `rowsAsJson` made one value of. */
export function rowsOf<T extends SQLiteTable>(table: T, json: string): T["$inferSelect"][] {
  return (JSON.parse(json) as T["$inferSelect"][]).map((row) => typed(table, row));
}

/** A list of rows of `table` that is built once and read as one value, as `rowsAsJson` says. */
export function listOnce<T extends SQLiteTable>(table: T, build: (db: Db) => SQLWrapper) {
  const listed = once((db) =>
    db.select({ rows: rowsAsJson(build(db)) }).from(sql`(select 1)`).prepare()
  );
  return async (db: Db, values: Record<string, unknown>): Promise<T["$inferSelect"][]> => {
    const found = await listed(db).get(values);
    return rowsOf(table, found?.rows ?? "[]");
  };
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
