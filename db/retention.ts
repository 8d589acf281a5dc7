import { commit, type Db } from "./client.ts";

const DAY = 86_400_000;
/** How long each is kept after its instant, in milliseconds. */
const BODIES = 180 * DAY;
const RUNS = 90 * DAY;
/** What a development machine kept instead of sending it. */
const MAILBOX = 30 * DAY;
/** Rows that one statement deletes, and how often it is said at most in one run: the next run goes on. */
const BATCH = 5000;
const BATCHES = 20;

type Rule = {
  table: string;
  column: string;
  age: number;
  /** What goes with the rows that are `chosen`, a query for their ids. */
  also?: (chosen: string) => string;
};

/** What people wrote stands in what a mail was made of too. */
const words = (chosen: string) =>
  `update email_notifications set params = json_remove(params, '$.note', '$.reason') where id in (${chosen})`;

/** What is forgotten once `column` lies `age` milliseconds back. Of a mail only its words go. */
const rules: Rule[] = [
  { table: "sessions", column: "expires_at", age: 0 },
  { table: "one_time_tokens", column: "expires_at", age: 0 },
  { table: "rate_limits", column: "resets_at", age: 0 },
  { table: "job_runs", column: "finished_at", age: RUNS },
  { table: "email_bodies", column: "at", age: BODIES, also: words },
  { table: "mailbox_messages", column: "at", age: MAILBOX },
];

/**
 * Forgets what has run out: sessions, links, limits, runs of jobs, words of mails. Returns how many rows. Deletes
 * a few thousand at a time, so that nobody waits long for the lock.
 */
export async function purge(db: Db, now: number): Promise<number> {
  let gone = 0;
  for (const rule of rules) gone += await purgeOf(db, rule, now);
  return gone;
}

async function purgeOf(db: Db, { table, column, age, also }: Rule, now: number): Promise<number> {
  const chosen = `select rowid from ${table} where ${column} < ? limit ${BATCH}`;
  const statements = [
    ...(also ? [also(chosen)] : []),
    `delete from ${table} where rowid in (${chosen})`,
  ]
    .map((sql) => ({ sql, args: [now - age] }));
  let gone = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const rows = (await commit(db, statements)).at(-1) ?? 0;
    gone += rows;
    if (rows < BATCH) break;
  }
  return gone;
}
