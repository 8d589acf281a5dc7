import type { Client, InArgs, InStatement, ResultSet, Row } from "@libsql/client";
import type { drizzle as Drizzle } from "drizzle-orm/libsql/http";
import { keepStatements } from "./kept_statements.ts";
import { Problem } from "./problem.ts";
import * as schema from "./schema.ts";
import { inTurn, isBusy, nextTurn, oneWriter, together } from "./write_queue.ts";

export type { Row };
export type Db = ReturnType<typeof wrap>;
/** A drizzle query that is built but not run, or plain SQL with its arguments. */
export type Statement = { toSQL(): { sql: string; params: unknown[] } } | {
  sql: string;
  args: InArgs;
};

/** Milliseconds that a write waits for another process's lock on a local file. */
const LOCK_WAIT = 5000;
/** Milliseconds that a server may take for an answer. */
const ANSWER_WAIT = 5000;

/** What the rules say that let no payment settle whose money is on its way back, nor hold less than its receipts. */
const WENT_BACK = "the money of this payment went back";
const RECEIPTED = "receipts exceed the payment";

const wrap = (drizzle: typeof Drizzle, client: Client) =>
  drizzle({ client, schema, casing: "snake_case" });

/**
 * Opens a local file (`file:…`, native driver) or a libSQL server (`libsql://`, `http(s)://`).
 * Of the two drivers only the one in use is loaded: the edge has no use for the native one, nor a file for the other.
 */
export async function openDb(url: string, authToken?: string): Promise<Db> {
  if (!url.startsWith("file:")) {
    const { createClient } = await import("@libsql/client/http");
    const { drizzle } = await import("drizzle-orm/libsql/http");
    return wrap(drizzle, oneWriter(createClient({ url, authToken, fetch: fetchOrSay }), inLine));
  }
  await makeFolderOf(url);
  const { ConnectionPool, createClient } = await import("@libsql/client/sqlite3");
  const { drizzle } = await import("drizzle-orm/libsql/sqlite3");
  keepStatements(ConnectionPool);
  // One connection: the driver does one thing at a time anyway, and what one has read another has to read again.
  const db = wrap(drizzle, createClient({ url, timeout: LOCK_WAIT, concurrency: 1 }));
  await db.$client.execute("PRAGMA journal_mode = WAL");
  return db;
}

/**
 * Asks the database server, and not for ever: silence and its own faults become one word for the reader. An answer
 * is read to its end here, since one that stops halfway would hold up all writes behind it.
 */
async function fetchOrSay(request: Request): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_WAIT);
  try {
    const answer = await fetch(request, { signal: patience.signal });
    const { status, headers } = answer;
    const body = await answer.arrayBuffer();
    if (status < 500) return new Response(body, { status, headers });
  } catch {
    // What failed below is told apart nowhere: the page can only be tried again.
  } finally {
    clearTimeout(timer);
  }
  throw databaseAway();
}

const databaseAway = () =>
  new Problem(
    "unavailable",
    "We cannot reach our records right now. Try again in a minute: what you send twice is done once.",
  );

/** The Problem in `error` or behind it: drivers wrap what they pass on. */
export function problemBehind(error: unknown): Problem | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Problem) return cause;
    if (isBusy(cause)) return databaseAway();
  }
}

/** Writes all of `statements` or none, in one round trip. Starts with a write, so the lock is taken at once. */
export async function commit(db: Db, statements: Statement[]): Promise<number[]> {
  return (await writeAll(db, statements)).map(({ rowsAffected }) => rowsAffected);
}

/** Writes what also tells: like `commit`, with the rows that each statement returns. */
export async function commitAndTell(db: Db, statements: Statement[]): Promise<Row[][]> {
  return (await writeAll(db, statements)).map(({ rows }) => rows);
}

async function writeAll(db: Db, statements: Statement[]): Promise<ResultSet[]> {
  try {
    return await write(db.$client, statements.map(plain));
  } catch (error) {
    if (isUnique(error, "booking_events") || isEmpty(error, "booking_events.to_status")) {
      throw changedMeanwhile();
    }
    const kept = isAborted(error, WENT_BACK) || isAborted(error, RECEIPTED);
    if (kept || isEmpty(error, "payments.status")) throw paymentMoved();
    if (isEmpty(error, "refunds.status")) throw refundMoved();
    throw error;
  }
}

/** The database's own time, UTC milliseconds: one clock for all processes. Of a local file it is the process's. */
export async function databaseTime(db: Db): Promise<number> {
  const { rows } = await db.$client.execute("select unixepoch('subsec') * 1000 as now");
  return Math.round(Number(rows[0]?.now));
}

function write(client: Client, batch: InStatement[]): Promise<ResultSet[]> {
  return together(client, batch, client.protocol === "file" ? nextTurn : inLine(client));
}

const inLine = (client: Client) => <T>(work: () => Promise<T>): Promise<T> =>
  inTurn(client, work, { patience: ANSWER_WAIT, late: databaseAway });

function plain(statement: Statement): InStatement {
  if ("sql" in statement) return statement;
  const { sql, params } = statement.toSQL();
  return { sql, args: params as InArgs };
}

/** Whether `error` says that a unique index on `target` ("table" or "table.column") refused a row. */
export const isUnique = (error: unknown, target: string) =>
  says(error, `UNIQUE constraint failed: ${target}`);

/** Whether `error` says that `column` ("table.column") was left empty, as a batch does whose condition fell. */
export const isEmpty = (error: unknown, column: string) =>
  says(error, `NOT NULL constraint failed: ${column}`);

/** Whether `error` says that a rule of the database refused the batch with `words`. */
export const isAborted = (error: unknown, words: string) => says(error, words);

function says(error: unknown, words: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(words)) return true;
  }
  return false;
}

const changedMeanwhile = () =>
  new Problem(
    "conflict",
    "Somebody else changed this booking a moment ago. This is how it stands.",
  );

const paymentMoved = () =>
  new Problem("conflict", "A payment of this booking changed a moment ago. Look at it again.");

const refundMoved = () =>
  new Problem("conflict", "This refund changed a moment ago. This is how it stands.");

async function makeFolderOf(url: string) {
  const folder = url.slice("file:".length).replace(/[^/]*$/, "");
  if (folder) await Deno.mkdir(folder, { recursive: true });
}
