import { assertEquals, assertMatch } from "@std/assert";
import { newRecoveryCodes, newSeed, readRecoveryCode, stepOf } from "../../db/one_time_codes.ts";

/** "12345678901234567890" in base32, the secret of the vectors. */
const SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** https://www.rfc-editor.org/rfc/rfc6238#appendix-B, the last six digits of each. */
for (
  const [seconds, code] of [
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ] as const
) {
  Deno.test(`the code ${code} is right ${seconds} seconds after the epoch, and not after its step was used`, async () => {
    const step = Math.floor(seconds / 30);
    const now = seconds * 1000;
    assertEquals(await stepOf(SEED, code, { now, after: null }), step);
    assertEquals(
      await stepOf(SEED, ` ${code.slice(0, 3)} ${code.slice(3)}`, { now, after: null }),
      step,
    );
    assertEquals(await stepOf(SEED, code, { now, after: step }), null);
    assertEquals(await stepOf(SEED, code, { now: now + 60_000, after: null }), null);
  });
}

Deno.test("asvs V6.5.2: recovery codes have 120 random bits and are read as people type them", () => {
  const codes = [...newRecoveryCodes(), ...newRecoveryCodes()];

  assertEquals(new Set(codes).size, 20);
  for (const code of codes) {
    assertMatch(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/);
    const letters = code.replaceAll("-", "");
    const typed = ` ${letters.toLowerCase().replaceAll("0", "O").replaceAll("1", "l")} `;
    assertEquals([readRecoveryCode(code), readRecoveryCode(typed)], [letters, letters]);
  }
  for (const other of ["", "123456", codes[0]?.slice(1) ?? "", `${codes[0]}0`]) {
    assertEquals(readRecoveryCode(other), null);
  }
});

Deno.test("asvs V11.2.3: a seed has 160 random bits", async () => {
  assertMatch(await newSeed(), /^[A-Z2-7]{32}$/);
  assertEquals(new Set([await newSeed(), await newSeed(), await newSeed()]).size, 3);
});
