import { and, eq, inArray } from "drizzle-orm";
import { listed } from "./chat_presence.ts";
import { commit, type Db, type Statement } from "./client.ts";
import { isProblem } from "./problem.ts";
import { looseFiles } from "./schema.ts";
import type { Bucket, Store } from "./stored_files.ts";

/** Milliseconds after which bytes that became no file are swept: longer than any upload may take. */
const LOOSE = 60 * 60_000;
/** How many files one run forgets. */
const AT_ONCE = 500;

/** Gives up bytes that became no file; for those that did nothing changes. */
export async function discardFiles(db: Db, ids: string[]) {
  await commit(db, [
    db.update(looseFiles).set({ since: 0 }).where(inArray(looseFiles.id, listed(ids))),
    ...forget(ids),
  ]);
}

/** Of what lies in the database nothing is left; what lies in the bucket stays noted for the sweep. */
const forget = (ids: string[]): Statement[] =>
  [
    `delete from file_chunks where file_id in (select id from loose_files
      where since = 0 and place = 'database' and id in (select value from json_each(?)))`,
    `delete from loose_files where since = 0 and place = 'database'
      and id in (select value from json_each(?))`,
  ].map((sql) => ({ sql, args: [JSON.stringify(ids)] }));

/**
 * Forgets bytes that became no file within an hour, and those of files that are gone; returns of how many. What the
 * bucket does not remove now is tried again by the next run.
 */
export async function sweepFiles({ db, bucket }: Store, now: number): Promise<number> {
  await commit(db, [{
    sql: "update loose_files set since = 0 where since between 1 and ?",
    args: [now - LOOSE],
  }]);
  const loose = await db.select().from(looseFiles).where(eq(looseFiles.since, 0)).limit(AT_ONCE);
  const idsIn = (place: string) => loose.filter((file) => file.place === place).map(({ id }) => id);
  const here = idsIn("database");
  const gone = bucket ? await removed(bucket, idsIn("bucket")) : [];
  await commit(db, [
    db.delete(looseFiles).where(
      and(eq(looseFiles.place, "bucket"), inArray(looseFiles.id, listed(gone))),
    ),
    ...forget(here),
  ]);
  return here.length + gone.length;
}

/** Which of these could be removed, up to the first that could not. */
async function removed(bucket: Bucket, ids: string[]): Promise<string[]> {
  const gone: string[] = [];
  try {
    for (const id of ids) {
      await bucket.remove(id);
      gone.push(id);
    }
  } catch (error) {
    if (!isProblem(error, "unavailable")) throw error;
  }
  return gone;
}
