import { eq, sql } from "drizzle-orm";
import type { Actor } from "./booking_moves.ts";
import { audited } from "./audit.ts";
import { commit, type Db } from "./client.ts";
import { settings } from "./schema.ts";

/** The stored value of `key`; where there is none, `make`'s, and all processes agree on one. */
export async function settingOr(db: Db, key: string, make: () => string): Promise<string> {
  const [, rows] = await db.batch([
    db.insert(settings).values({ key, value: make() }).onConflictDoNothing(),
    db.select().from(settings).where(eq(settings.key, key)),
  ]);
  return rows[0]?.value as string;
}

const REQUIRED = "require_second_factor";

/** 1 where every admin must have a second factor, as a column of any query. */
export const factorRequired = sql<
  number
>`exists (select 1 from settings where key = ${REQUIRED} and value = 'yes')`;

export type AgencySettings = { requireSecondFactor: boolean };

/** What the owners have decided for everybody. */
export async function readSettings(db: Db): Promise<AgencySettings> {
  const row = await db.select().from(settings).where(eq(settings.key, REQUIRED)).get();
  return { requireSecondFactor: row?.value === "yes" };
}

export async function saveSettings(
  db: Db,
  next: AgencySettings,
  by: { actor: Actor; now: number; before: AgencySettings },
) {
  const value = next.requireSecondFactor ? "yes" : "no";
  await commit(db, [
    db.insert(settings).values({ key: REQUIRED, value })
      .onConflictDoUpdate({ target: settings.key, set: { value } }),
    audited(db, by, {
      action: "settings_saved",
      subject: "settings",
      before: by.before,
      after: next,
    }),
  ]);
}
