import type { ConnectionPool } from "@libsql/client/sqlite3";

type Connection = ReturnType<ConnectionPool["acquireSync"]>;
type Prepared = ReturnType<Connection["prepare"]>;

/** Most statements that a connection keeps; lists of any length make endlessly many. */
const MOST_KEPT = 500;

/** After these a kept `select *` would still name the columns of before. */
const CHANGES_SCHEMA = /^\s*(alter|create|drop)\b/i;

const known = new WeakSet<Connection>();

/**
 * Makes the connections of a local file keep what they have prepared: the client reads the text of each statement
 * anew, which takes longer than most of them run. A kept one follows changes of the schema by itself
 * (https://www.sqlite.org/c3ref/prepare.html). The client offers no way to say so, hence its pool is asked.
 */
export function keepStatements({ prototype }: typeof ConnectionPool) {
  const { acquireSync } = prototype;
  if (acquireSync.name === keeping) return;
  prototype.acquireSync = {
    [keeping](this: ConnectionPool, forTransaction?: boolean) {
      return remembering(acquireSync.call(this, forTransaction));
    },
  }[keeping] as typeof acquireSync;
}

const keeping = "acquireAndKeep";

function remembering(connection: Connection): Connection {
  if (known.has(connection)) return connection;
  known.add(connection);
  const kept = new Map<string, Prepared>();
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((text: string) => {
    const before = kept.get(text);
    if (before) return before;
    if (kept.size >= MOST_KEPT || CHANGES_SCHEMA.test(text)) kept.clear();
    const statement = prepare(text);
    kept.set(text, statement);
    return statement;
  }) as Connection["prepare"];
  return connection;
}
