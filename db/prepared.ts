import { fillPlaceholders, type Placeholder, sql } from "drizzle-orm";
import type { InArgs } from "@libsql/client";
import type { Db } from "./client.ts";

/** A query that is built once for each database, not each time it is asked; what differs are its placeholders. */
export function once<Query>(build: (db: Db) => Query): (db: Db) => Query {
  const built = new WeakMap<Db, Query>();
  return (db) => {
    const before = built.get(db);
    if (before) return before;
    const query = build(db);
    built.set(db, query);
    return query;
  };
}

type Built = { toSQL(): { sql: string; params: unknown[] } };
type Values = Record<string, unknown>;
type Write = { sql: string; args: InArgs };

/** The same for a write: building the text of one takes longer than running it. */
export function writeOnce(build: (db: Db) => Built): (db: Db, values: Values) => Write {
  const write = once((db) => build(db).toSQL());
  return (db, values) => {
    const { sql: text, params } = write(db);
    return { sql: text, args: fillPlaceholders(params, values) as InArgs };
  };
}

/** A placeholder for each of `names`, by its name. */
export function placeholders<Name extends string>(...names: Name[]): Record<Name, Placeholder> {
  const all: Partial<Record<Name, Placeholder>> = {};
  for (const name of names) all[name] = sql.placeholder(name);
  return all as Record<Name, Placeholder>;
}
