import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { newReference, readReference } from "../../db/reference.ts";

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
const NEW_YEAR = Date.UTC(2027, 0, 1);

Deno.test("newReference() is CP, the UTC year and six letters of Crockford's base32", () => {
  assertEquals(newReference(NEW_YEAR, (bytes) => bytes.fill(255)), "CP2027ZZZZZZ");
  assertEquals(newReference(NEW_YEAR - 1, (bytes) => bytes.fill(0)), "CP2026000000");
  const seen = new Set<string>();
  for (let n = 0; n < 500; n++) {
    const reference = newReference(NEW_YEAR, random);
    assertMatch(reference, /^CP2027[0-9A-HJKMNP-TV-Z]{6}$/);
    for (const letter of reference.slice(6)) seen.add(letter);
  }
  assertEquals(seen.size, 32);
});

Deno.test("readReference() forgives case, spaces, hyphens and letters that look alike", () => {
  const typed = [
    "CP2026ABC012",
    "cp2026abc012",
    " CP 2026 ABC 012 ",
    "cp2026-abc-012",
    "CP2026ABCO12",
    "cp2026abcoi2",
    "CP2026ABCOL2",
    "cp2026abcol2",
    "cp2o26abco12",
  ];
  for (const text of typed) assertEquals(readReference(text), "CP2026ABC012", text);
});

Deno.test("readReference() refuses what cannot be a reference", () => {
  const typed = [
    "",
    "CP2026ABC12",
    "CP2026ABC1234",
    "XX2026ABC123",
    "CP26ABC12345",
    "CP2026ABCU12",
  ];
  for (const text of [...typed, "CP2026ABC_12", "CP2026ABC'12", "CP2026ÀBC123"]) {
    assertEquals(readReference(text), null, text);
  }
});

Deno.test("readReference() reads every new reference as itself, however it is typed", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
    const reference = newReference(NEW_YEAR, () => bytes);
    assertEquals(readReference(reference), reference);
    assertEquals(readReference(reference.toLowerCase().replace(/0/g, "o")), reference);
  }));
});

Deno.test("readReference() never throws", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const read = readReference(text);
    assert(read === null || /^CP\d{4}[0-9A-Z]{6}$/.test(read));
  }));
});
