import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";

/**
 * All rows of `table` in order, as one value: reading a wide list so takes half the time that rows of their own
 * take. `rowsOf` reads it. The order is an inner query's, since libSQL's server knows none within an aggregate.
 */
export function asJson(db: Db, table: SQLiteTable, ...order: SQL[]) {
  const row = rowAsJson(table).as("row");
  const rows = db.select({ row }).from(table).orderBy(...order).as("rows");
  return db.select({ json: sql<string>`json_group_array(json(${rows.row}))` }).from(rows);
}

/** A row of `table` as one value. `rowOf` reads it. */
export function rowAsJson(table: SQLiteTable): SQL<string> {
  const fields = Object.entries(getTableColumns(table))
    .map(([name, column]) => sql`${sql.raw(`'${name}'`)}, ${column}`);
  return sql<string>`json_object(${sql.join(fields, sql`, `)})`;
}

/** The rows that `asJson` made one value of. */
export function rowsOf<T extends SQLiteTable>(table: T, json: string): T["$inferSelect"][] {
  return (JSON.parse(json) as Record<string, unknown>[]).map((row) => typed(table, row));
}

/** The row that `rowAsJson` made one value of; undefined where there was none. */
export function rowOf<T extends SQLiteTable>(table: T, json: string | null | undefined) {
  return json ? typed(table, JSON.parse(json)) : undefined;
}

function typed<T extends SQLiteTable>(table: T, row: Record<string, unknown>): T["$inferSelect"] {
  const fields = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = row[name];
    return [name, value === null ? null : column.mapFromDriverValue(value)];
  });
  return Object.fromEntries(fields) as T["$inferSelect"];
}
