import { eq, inArray, sql } from "drizzle-orm";
import { refreshAttention } from "./attention.ts";
import { audited, type By } from "./audit.ts";
import { APPROVAL_LIMIT } from "./auto_approval.ts";
import { commit, type Db, type Statement } from "./client.ts";
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

export type AgencySettings = {
  requireSecondFactor: boolean;
  /** The highest price, in minor units, that approves itself; null without a limit. */
  autoApproveLimitMinor: number | null;
};

/** What the owners have decided for everybody. */
export async function readSettings(db: Db): Promise<AgencySettings> {
  const values = await settingsNamed(db, [REQUIRED, APPROVAL_LIMIT]);
  const limit = values.get(APPROVAL_LIMIT);
  return {
    requireSecondFactor: values.get(REQUIRED) === "yes",
    autoApproveLimitMinor: limit ? Number(limit) : null,
  };
}

export async function saveSettings(
  db: Db,
  next: AgencySettings,
  by: By & { before: AgencySettings },
) {
  const limit = next.autoApproveLimitMinor;
  await commit(db, [
    putSetting(db, REQUIRED, next.requireSecondFactor ? "yes" : "no"),
    putSetting(db, APPROVAL_LIMIT, limit === null ? null : String(limit)),
    audited(db, by, {
      action: "settings_saved",
      subject: "settings",
      before: by.before,
      after: next,
    }),
    // What the public pages promise follows the limit.
    publicPagesChanged(db),
    refreshAttention(db, by.now),
  ]);
}

/** The values of these keys that are stored, by key. */
export async function settingsNamed(db: Db, keys: string[]): Promise<Map<string, string>> {
  const rows = await db.select().from(settings).where(inArray(settings.key, keys));
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** Stores the value of `key`, or none. */
export const putSetting = (db: Db, key: string, value: string | null): Statement =>
  value === null
    ? db.delete(settings).where(eq(settings.key, key))
    : db.insert(settings).values({ key, value })
      .onConflictDoUpdate({ target: settings.key, set: { value } });

/** The public pages are made anew, in every process. */
export const publicPagesChanged = (db: Db): Statement =>
  db.update(settings).set({ value: sql`${settings.value} + 1` })
    .where(eq(settings.key, "catalogue_version"));
