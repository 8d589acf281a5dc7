import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { contrast, hexOf, mixed, oklchOf, type Rgb, rgbOf, shown } from "../../views/colours.ts";
import {
  accentFor,
  grounds,
  groundsOf,
  type Scheme,
  themeCss,
  themeName,
} from "../../views/themes.ts";

const schemes: Scheme[] = ["light", "dark"];
const byte = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(byte, byte, byte);

Deno.test("contrast is WCAG's and mixing is CSS's", () => {
  const ratio = (one: string, other: string) => contrast(rgbOf(one), rgbOf(other));
  assertEquals([ratio("#000000", "#ffffff"), ratio("#ffffff", "#ffffff")], [21, 1]);
  // Known from the guidelines' own examples: the lightest grey that text on white may have.
  assertAlmostEquals(ratio("#767676", "#ffffff"), 4.54, 0.005);
  assertAlmostEquals(ratio("#ff0000", "#ffffff"), 3.998, 0.005);
  // What browsers compute for color-mix(in oklab, red, blue).
  assertEquals(hexOf(mixed(rgbOf("#ff0000"), 0.5, rgbOf("#0000ff"))), "#8c53a2");
  const red = oklchOf([255, 0, 0]);
  assertAlmostEquals(red.l, 0.628, 0.001);
  assertAlmostEquals(red.c, 0.2577, 0.001);
  assertAlmostEquals(red.h, 29.23, 0.01);
});

Deno.test("a colour survives the way to OKLCH and back", () => {
  fc.assert(
    fc.property(colour, (rgb) => assertEquals(shown(oklchOf(rgb as Rgb)), rgb)),
    { numRuns: 200 },
  );
});

Deno.test("any accent can be read in both schemes: text at 4.5, edges and marks at 3", () => {
  const check = (chosen: Rgb) => {
    for (const scheme of schemes) {
      const { accent, ink } = accentFor(hexOf(chosen), scheme);
      const { paper, raised } = grounds[scheme];
      for (const ground of groundsOf(accent, scheme)) {
        assert(contrast(accent, ground) >= 4.5, `${hexOf(chosen)} as text, ${scheme}`);
      }
      assert(contrast(ink, accent) >= 4.5, `text on ${hexOf(chosen)}, ${scheme}`);
      for (const ground of [paper, raised]) assert(contrast(accent, ground) >= 3);
    }
  };
  fc.assert(fc.property(colour, (rgb) => check(rgb as Rgb)), { numRuns: 150 });
  [[0, 0, 0], [255, 255, 255], [255, 255, 0], [0, 0, 255]].forEach((rgb) => check(rgb as Rgb));
});

Deno.test("an accent that can be read already stays as it was chosen, and its hue always does", () => {
  assertEquals(hexOf(accentFor("#0b5560", "light").accent), "#0b5560");
  for (const chosen of ["#0b5560", "#b3261e", "#ffcc00", "#6f42c1"]) {
    for (const scheme of schemes) {
      const turn = oklchOf(accentFor(chosen, scheme).accent).h - oklchOf(rgbOf(chosen)).h;
      assert(Math.abs((turn + 540) % 360 - 180) < 6, `${chosen} turned by ${turn}, ${scheme}`);
    }
  }
  const name = themeName("#0b5560");
  assertMatch(name, /^0b5560[0-9a-f]{18}$/);
  assertEquals(
    themeCss("aaaaaabbbbbbccccccdddddd"),
    "@layer tokens{:root{--accent:light-dark(#aaaaaa,#cccccc);" +
      "--accent-ink:light-dark(#bbbbbb,#dddddd)}}",
  );
});

Deno.test("the grounds that accents are measured against are the stylesheet's", async () => {
  const css = await Deno.readTextFile(new URL("../../static/css/tokens.css", import.meta.url));
  for (const name of ["paper", "raised", "ink"] as const) {
    const [, both = ""] = css.match(new RegExp(`--${name}: light-dark\\((.*)\\);`)) ?? [];
    const read = [...both.matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g)]
      .map(([, l, c, h]) => shown({ l: Number(l), c: Number(c), h: Number(h) }));
    assertEquals(read, schemes.map((scheme) => grounds[scheme][name]));
  }
});
