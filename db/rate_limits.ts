import { inArray, sql } from "drizzle-orm";
import { commitAndTell, type Db, type Row, type Statement } from "./client.ts";
import { placeholders, writeOnce } from "./prepared.ts";
import { Problem } from "./problem.ts";
import { rateLimits } from "./schema.ts";

/** At most `max` tries under `key` within `window` milliseconds of the first. */
export type Limit = { name: string; key: string; max: number; window: number };
/** How a limit stands after a try: what is left of it, and for how many seconds. */
export type Standing = { limit: Limit; left: number; seconds: number };

/** Counts a try against every limit, in one batch that all processes share. */
export async function countTry(db: Db, limits: Limit[], now: number): Promise<Standing[]> {
  if (limits.length === 0) return [];
  const counted = await commitAndTell(
    db,
    limits.map(({ key, window }) => upsert(db, { key, now, resetsAt: now + window })),
  );
  return counted.map(([row], at) => standingOf(limits[at] as Limit, row, now));
}

/** Throws `too_many` when a try went beyond its limit. It counted all the same. */
export function refuseSpent(standings: Standing[]) {
  const spent = standings.find(({ left }) => left < 0);
  if (spent) throw new Problem("too_many", tooMany(spent.seconds), undefined, spent.seconds);
}

const upsert = writeOnce((db) => {
  const { key, now, resetsAt } = placeholders("key", "now", "resetsAt");
  const over = sql`${rateLimits.resetsAt} <= ${now}`;
  return db.insert(rateLimits).values({ key, count: 1, resetsAt }).onConflictDoUpdate({
    target: rateLimits.key,
    set: {
      count: sql`case when ${over} then 1 else ${rateLimits.count} + 1 end`,
      resetsAt: sql`case when ${over} then ${resetsAt} else ${rateLimits.resetsAt} end`,
    },
  }).returning({ count: rateLimits.count, resetsAt: rateLimits.resetsAt });
});

function standingOf(
  limit: Limit,
  row: Row | undefined,
  now: number,
): Standing {
  const [count, resetsAt] = [Number(row?.count ?? 0), Number(row?.resets_at ?? now)];
  return {
    limit,
    left: limit.max - count,
    seconds: Math.max(1, Math.ceil((resetsAt - now) / 1000)),
  };
}

function tooMany(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return `That was tried too often. Nothing was done. Try again in ${wait}.`;
}

/** Takes tries back that turned out to be right. */
export function takeBack(db: Db, limits: Limit[]): Statement {
  return db.update(rateLimits).set({ count: sql`max(0, ${rateLimits.count} - 1)` })
    .where(inArray(rateLimits.key, limits.map(({ key }) => key)));
}
