import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { amountText, decimalsOf, MAX_MINOR, parseAmount } from "../../db/money.ts";
import { Problem } from "../../db/problem.ts";

Deno.test("decimalsOf() knows currencies with no, two and three decimals", () => {
  assertEquals(["JPY", "USD", "EUR", "KWD"].map(decimalsOf), [0, 2, 2, 3]);
});

Deno.test("parseAmount() reads plain decimals into minor units", () => {
  const cases: [string, string, number][] = [
    ["149.00", "USD", 14_900],
    ["149", "USD", 14_900],
    [" 149.5 ", "USD", 14_950],
    ["0.01", "USD", 1],
    ["0.29", "USD", 29],
    ["1.005", "KWD", 1_005],
    ["149", "JPY", 149],
    ["007.10", "EUR", 710],
    ["999999.99", "USD", MAX_MINOR],
  ];
  for (const [text, currency, minor] of cases) {
    assertEquals(parseAmount(text, currency), minor, `${text} ${currency}`);
  }
});

Deno.test("parseAmount() refuses anything else", () => {
  const wrong = ["", " ", "0", "0.00", "-1", "+1", "1,000", "1.", ".5", "1.001", "1e3", "0x10"];
  const more = ["NaN", "Infinity", "1000000.00", "9999999999", "１２", "12 €", "1 2", "1.2.3"];
  for (const text of [...wrong, ...more]) {
    const problem = assertThrows(() => parseAmount(text, "USD"), Problem, undefined, text);
    assertEquals(problem.code, "invalid", text);
  }
  assertThrows(() => parseAmount("149.00", "JPY"), Problem, "like 149.");
  assertThrows(() => parseAmount("1000000000000", "USD"), Problem, "999999.99 at most");
});

Deno.test("parseAmount() reads back what amountText() writes, for every amount", () => {
  const currency = fc.constantFrom("USD", "JPY", "KWD", "EUR");
  fc.assert(fc.property(fc.integer({ min: 1, max: MAX_MINOR }), currency, (minor, code) => {
    assertEquals(parseAmount(amountText(minor, code), code), minor);
  }));
});
