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
