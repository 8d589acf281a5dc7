import { eq, inArray, sql } from "drizzle-orm";
import { audited } from "./audit.ts";
import type { Actor } from "./booking_moves.ts";
import { commit, type Db, type Statement } from "./client.ts";
import type { Logo, NewLogo } from "./logos.ts";
import { settings } from "./schema.ts";

/** What the agency says of itself; null where it says nothing and the product speaks. */
export const brandTexts = ["name", "accent", "sentence", "line", "contact", "legal"] as const;
export type BrandTexts = Record<typeof brandTexts[number], string | null>;
export type Brand = BrandTexts & { logo: Logo | null };

const keyOf = (name: string) => `brand_${name}`;
const LOGO = keyOf("logo");
const LOGO_BYTES = keyOf("logo_bytes");

export async function readBrand(db: Db): Promise<Brand> {
  const rows = await db.select().from(settings)
    .where(inArray(settings.key, [...brandTexts.map(keyOf), LOGO]));
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const logo = values.get(LOGO);
  return {
    ...Object.fromEntries(brandTexts.map((name) => [name, values.get(keyOf(name)) ?? null])),
    logo: logo ? JSON.parse(logo) : null,
  } as Brand;
}

type Change = { actor: Actor; now: number; before: Brand };

/** Receipts name the seller as the pages do, from now on. */
export async function saveBrand(
  db: Db,
  next: BrandTexts,
  { seller, ...by }: Change & { seller: { name: string; email: string } },
) {
  await commit(db, [
    ...brandTexts.map((name) => put(db, keyOf(name), next[name])),
    put(db, "seller", JSON.stringify({ ...seller, name: next.name ?? seller.name })),
    ...told(db, { ...by.before, ...next }, by),
  ]);
}

/** Puts another logo in place, or none. */
export async function saveLogo(db: Db, next: NewLogo | null, by: Change) {
  const { bytes, ...logo } = next ?? {};
  await commit(db, [
    put(db, LOGO, next && JSON.stringify(logo)),
    put(db, LOGO_BYTES, bytes?.toBase64() ?? null),
    ...told(db, { ...by.before, logo: next }, by),
  ]);
}

const put = (db: Db, key: string, value: string | null): Statement =>
  value === null
    ? db.delete(settings).where(eq(settings.key, key))
    : db.insert(settings).values({ key, value })
      .onConflictDoUpdate({ target: settings.key, set: { value } });

/** Who changed what; and the public pages are made anew, in every process. */
const told = (db: Db, after: Brand, { before, ...by }: Change): Statement[] => [
  audited(db, by, {
    ...{ action: "brand_saved", subject: "settings" },
    ...{ before: factsOf(before), after: factsOf(after) },
  }),
  db.update(settings).set({ value: sql`${settings.value} + 1` })
    .where(eq(settings.key, "catalogue_version")),
];

const factsOf = ({ logo, ...texts }: Brand) => ({ ...texts, logo: logo?.hash ?? null });

/** The bytes of the logo in place, if it is the one of this hash. */
export async function readLogoBytes(db: Db, hash: string) {
  const rows = await db.select().from(settings).where(inArray(settings.key, [LOGO, LOGO_BYTES]));
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const [logo, bytes] = [values.get(LOGO), values.get(LOGO_BYTES)];
  if (!logo || !bytes || (JSON.parse(logo) as Logo).hash !== hash) return null;
  return Uint8Array.fromBase64(bytes);
}
