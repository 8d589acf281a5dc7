import { contrast, hexOf, mixed, oklchOf, type Rgb, rgbOf, shown } from "./colours.ts";

/** What the stylesheet's tokens are in each scheme, where an accent must stand out from them. */
export const grounds = {
  light: {
    paper: shown({ l: 0.985, c: 0.004, h: 90 }),
    raised: shown({ l: 0.998, c: 0.002, h: 90 }),
    ink: shown({ l: 0.22, c: 0.012, h: 230 }),
  },
  dark: {
    paper: shown({ l: 0.19, c: 0.005, h: 230 }),
    raised: shown({ l: 0.23, c: 0.007, h: 230 }),
    ink: shown({ l: 0.93, c: 0.004, h: 90 }),
  },
};
export type Scheme = keyof typeof grounds;
type Accent = { accent: Rgb; ink: Rgb };

/** Contrast that text needs: https://www.w3.org/TR/WCAG22/#contrast-minimum. The rest is for rounding. */
const TEXT = 4.6;
/** How much of the accent is in what it tints at most: one's own messages. */
const TINT = 0.14;
/** Where each scheme's accent lies best, in lightness, and where the search for one ends. */
const wanted = { light: { from: 0.58, to: 0 }, dark: { from: 0.7, to: 1 } };
const STEP = 0.005;

/**
 * The accent of a scheme that comes closest to `chosen`: same hue, made darker on light paper or lighter on dark
 * until it can be read as text on every ground, and with the text that can be read on it.
 */
export function accentFor(chosen: string, scheme: Scheme): Accent {
  const { l, c, h } = oklchOf(rgbOf(chosen));
  const { from, to } = wanted[scheme];
  const dark = to === 1;
  const first = dark ? Math.max(l, from) : Math.min(l, from);
  const steps = Math.ceil(Math.abs(to - first) / STEP);
  for (let step = 0; step <= steps; step++) {
    const lightness = dark ? Math.min(1, first + step * STEP) : Math.max(0, first - step * STEP);
    const accent = shown({ l: lightness, c, h });
    const found = { accent, ink: inkOn(accent, dark) };
    if (isReadable(found, scheme)) return found;
  }
  return { accent: grounds[scheme].ink, ink: grounds[scheme].paper };
}

const inkOn = (accent: Rgb, dark: boolean): Rgb =>
  shown({ l: dark ? 0.19 : 0.99, c: 0.01, h: oklchOf(accent).h });

/** All that an accent is read on: paper, cards, rows under the pointer, and what it tints itself. */
export function groundsOf(accent: Rgb, scheme: Scheme): Rgb[] {
  const { paper, raised, ink } = grounds[scheme];
  return [paper, raised, mixed(ink, 0.04, paper), mixed(accent, TINT, paper)];
}

function isReadable({ accent, ink }: Accent, scheme: Scheme): boolean {
  const hovered = mixed(accent, 0.86, grounds[scheme].ink);
  return groundsOf(accent, scheme).every((ground) => contrast(accent, ground) >= TEXT) &&
    [accent, hovered].every((ground) => contrast(ink, ground) >= TEXT);
}

/** The agency's accent in both schemes, with the text on it, as 24 hex digits: the name of its stylesheet. */
export function themeName(chosen: string): string {
  const [light, dark] = [accentFor(chosen, "light"), accentFor(chosen, "dark")];
  return [light.accent, light.ink, dark.accent, dark.ink].map((rgb) => hexOf(rgb).slice(1)).join(
    "",
  );
}

/** The stylesheet of that name, after ours: its name holds all that is in it. */
export function themeCss(name: string): string {
  const [light, ink, dark, inkDark] = name.match(/.{6}/g) ?? [];
  return `@layer tokens{:root{--accent:light-dark(#${light},#${dark});` +
    `--accent-ink:light-dark(#${ink},#${inkDark})}}`;
}
