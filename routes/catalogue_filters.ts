import type { Category } from "../db/services.ts";
import { money } from "../views/format.tsx";
import type { Choice } from "../views/services.tsx";

/** Prices in minor units, from (inclusive) and to (exclusive). */
type Range = { key: string; from: number; to: number };
const everything: Range = { key: "", from: 0, to: Infinity };
const ranges: Range[] = [
  { key: "small", from: 1, to: 50_000 },
  { key: "middle", from: 50_000, to: 200_000 },
  { key: "large", from: 200_000, to: Infinity },
  { key: "open", from: 0, to: 1 },
];

export type Wish = { category: string; range: Range };

/** What is asked of the list; what we do not know asks for all of it. */
export function wishOf(
  categories: Category[],
  { category, price }: { category?: string; price?: string },
): Wish {
  const known = categories.find(({ slug }) => slug === category);
  return {
    category: known?.slug ?? "",
    range: ranges.find(({ key }) => key === price) ?? everything,
  };
}

/** Without a listed price a service counts as 0. */
export const within = (categories: Category[], { category, range: { from, to } }: Wish) =>
  categories.filter(({ slug }) => !category || slug === category).map((shelf) => ({
    ...shelf,
    services: shelf.services.filter(({ priceMinor }) =>
      (priceMinor ?? 0) >= from && (priceMinor ?? 0) < to
    ),
  })).filter(({ services }) => services.length > 0);

/** The links of both filters: each keeps what the other one has chosen. */
export function choicesOf(categories: Category[], wish: Wish, currency: string) {
  const { category, range } = wish;
  const fields = [{ slug: "", name: "All categories" }, ...categories];
  return {
    fields: fields.map(({ slug, name }): Choice => ({
      name,
      href: addressOf(slug, range.key),
      chosen: slug === category,
    })),
    prices: [everything, ...ranges].map(({ key }): Choice => ({
      name: rangeName(key, currency),
      href: addressOf(category, key),
      chosen: key === range.key,
    })),
  };
}

/** How the list under this wish is linked to. */
export function addressOf(category: string, price: string): string {
  const asked = Object.entries({ category, price }).filter(([, value]) => value);
  return asked.length === 0 ? "/services" : `/services?${new URLSearchParams(asked)}`;
}

/** "USD 500": a bound has no cents to show. */
const whole = (minor: number, currency: string) => money(minor, currency).replace(/\.0+$/, "");

const rangeName = (key: string, currency: string): string =>
  ({
    small: `Under ${whole(50_000, currency)}`,
    middle: `${whole(50_000, currency)} to ${whole(200_000, currency).replace(/^\D+/, "")}`,
    large: `From ${whole(200_000, currency)}`,
    open: "Price after review",
  })[key] ?? "All prices";
