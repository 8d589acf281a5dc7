import type { Client, InStatement, ResultSet } from "@libsql/client";

/** How often a write is sent again that found another process writing, and the first pause in milliseconds. */
const TRIES = 8;
const PAUSE = 20;

/** How many batches share a transaction at most: the more there are, the longer the first of them waits. */
const MOST_TOGETHER = 32;

type Batch = InStatement[];
type Waiting = { batch: Batch; done: PromiseWithResolvers<ResultSet[]> };
type Turn = (work: () => Promise<void>) => Promise<void>;

const groups = new WeakMap<Client, Waiting[]>();

/**
 * Sends batches that come while one waits for its `turn` as one: they share the way, the transaction and the write to
 * disk. Of a group that is refused nothing was written, so each of it is sent alone and fares as it would have.
 */
export function together(client: Client, batch: Batch, turn: Turn): Promise<ResultSet[]> {
  const done = Promise.withResolvers<ResultSet[]>();
  const group = groups.get(client);
  if (group && group.length < MOST_TOGETHER) {
    group.push({ batch, done });
    return done.promise;
  }
  const begun = [{ batch, done }];
  groups.set(client, begun);
  turn(() => sendGroup(client, begun)).catch((error) => {
    for (const { done } of begun) done.reject(error);
  });
  return done.promise;
}

async function sendGroup(client: Client, group: Waiting[]) {
  if (groups.get(client) === group) groups.delete(client);
  const send = (batch: Batch) => client.batch(batch, "write");
  if (group.length > 1) {
    try {
      const results = await send(group.flatMap(({ batch }) => batch));
      for (const { batch, done } of group) done.resolve(results.splice(0, batch.length));
      return;
    } catch (error) {
      if (isBusy(error)) throw error;
    }
  }
  for (const { batch, done } of group) {
    // One after the other: each is a transaction of its own.
    await send(batch).then(done.resolve, (error) => {
      if (group.length === 1) throw error;
      done.reject(error);
    });
  }
}

/** After what else came in with this turn of the event loop. */
export const nextTurn: Turn = (work) =>
  new Promise((resolve, reject) => void setImmediate(() => work().then(resolve, reject)));

const last = new WeakMap<Client, Promise<unknown>>();

type Line = (client: Client) => <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The same client, whose single statements and drizzle's batches stand in the same line when they write. Batches
 * sent as "write" are those of `together`, which has waited for its turn.
 */
export function oneWriter(client: Client, lineOf: Line): Client {
  const execute: (statement: InStatement) => Promise<ResultSet> = client.execute.bind(client);
  const batch = client.batch.bind(client);
  const inLine = lineOf(client);
  client.execute = (statement: InStatement) =>
    writes(statement) ? inLine(() => execute(statement)) : execute(statement);
  client.batch = (statements, mode) =>
    mode !== "write" && statements.some(writes)
      ? inLine(() => batch(statements, "write"))
      : batch(statements, mode);
  return client;
}

const writes = (statement: InStatement | [string, unknown?]): boolean => {
  const text = typeof statement === "string"
    ? statement
    : Array.isArray(statement)
    ? statement[0]
    : statement.sql;
  return !/^\s*(select|values|pragma|explain)\b/i.test(text);
};

/**
 * Sends this process's writes to a libSQL server one after the other. The server writes one at a time anyway, but
 * writers that wait in it are let down: some are told SQLITE_BUSY at once, and now and then all stand still until
 * its transaction limit. A refused batch has written nothing, so it can be sent again. A write whose turn has not
 * come within `patience` milliseconds ends with `late()`.
 */
export function inTurn<T>(
  client: Client,
  write: () => Promise<T>,
  wait: { patience: number; late: () => Error },
): Promise<T> {
  const asked = performance.now();
  const mine = (last.get(client) ?? Promise.resolve()).then(() => {
    if (performance.now() - asked > wait.patience) throw wait.late();
    return again(write);
  });
  last.set(client, mine.catch(() => {}));
  return mine;
}

async function again<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === TRIES || !isBusy(error)) throw error;
      const pause = jitter() * PAUSE * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** From 0 to 1: writers that were refused together come back apart. */
const jitter = () => (crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) / 0xffff;

/** Whether `error` says that another writer held the lock, so that nothing was written. */
export const isBusy = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "SQLITE_BUSY";
