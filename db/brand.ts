import { audited, type By } from "./audit.ts";
import { commit, type Db, type Statement } from "./client.ts";
import type { Logo, NewLogo } from "./logos.ts";
import { publicPagesChanged, putSetting, settingsNamed } from "./settings.ts";

/** What the agency says of itself; null where it says nothing and the product speaks. */
export const brandTexts = ["name", "accent", "sentence", "line", "contact", "legal"] as const;
export type BrandTexts = Record<typeof brandTexts[number], string | null>;
export type Brand = BrandTexts & { logo: Logo | null };

const keyOf = (name: string) => `brand_${name}`;
const LOGO = keyOf("logo");
const LOGO_BYTES = keyOf("logo_bytes");

export async function readBrand(db: Db): Promise<Brand> {
  const values = await settingsNamed(db, [...brandTexts.map(keyOf), LOGO]);
  const logo = values.get(LOGO);
  return {
    ...Object.fromEntries(brandTexts.map((name) => [name, values.get(keyOf(name)) ?? null])),
    logo: logo ? JSON.parse(logo) : null,
  } as Brand;
}

type Change = By & { before: Brand };

/** Receipts name the seller as the pages do, from now on. */
export async function saveBrand(
  db: Db,
  next: BrandTexts,
  { seller, ...by }: Change & { seller: { name: string; email: string } },
) {
  await commit(db, [
    ...brandTexts.map((name) => putSetting(db, keyOf(name), next[name])),
    putSetting(db, "seller", JSON.stringify({ ...seller, name: next.name ?? seller.name })),
    ...told(db, { ...by.before, ...next }, by),
  ]);
}

/** Puts another logo in place, or none. */
export async function saveLogo(db: Db, next: NewLogo | null, by: Change) {
  const { bytes, ...logo } = next ?? {};
  await commit(db, [
    putSetting(db, LOGO, next && JSON.stringify(logo)),
    putSetting(db, LOGO_BYTES, bytes?.toBase64() ?? null),
    ...told(db, { ...by.before, logo: next }, by),
  ]);
}

/** Who changed what; and every page shows it. */
const told = (db: Db, after: Brand, { before, ...by }: Change): Statement[] => [
  audited(db, by, {
    ...{ action: "brand_saved", subject: "settings" },
    ...{ before: factsOf(before), after: factsOf(after) },
  }),
  publicPagesChanged(db),
];

const factsOf = ({ logo, ...texts }: Brand) => ({ ...texts, logo: logo?.hash ?? null });

/** The bytes of the logo in place, if it is the one of this hash. */
export async function readLogoBytes(db: Db, hash: string) {
  const values = await settingsNamed(db, [LOGO, LOGO_BYTES]);
  const [logo, bytes] = [values.get(LOGO), values.get(LOGO_BYTES)];
  if (!logo || !bytes || (JSON.parse(logo) as Logo).hash !== hash) return null;
  return Uint8Array.fromBase64(bytes);
}
