import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { importSeals } from "../../routes/seals.ts";

const older = { kid: "2025", secret: "o".repeat(43) };
const newer = { kid: "2026", secret: "n".repeat(43) };

Deno.test("asvs V11.3.4: the same text sealed twice is two texts, and neither shows it", async () => {
  const { seal, open } = await importSeals([newer]);
  const [one, two] = [await seal("JBSWY3DPEHPK3PXP", "a"), await seal("JBSWY3DPEHPK3PXP", "a")];

  assertMatch(one, /^2026:[\w-]+=*$/);
  assertNotEquals(one, two);
  assert(!one.includes("JBSWY3DPEHPK3PXP"));
  assertEquals([await open(one, "a"), await open(two, "a")], [
    "JBSWY3DPEHPK3PXP",
    "JBSWY3DPEHPK3PXP",
  ]);
});

Deno.test("asvs V11.1.1: what an older key sealed opens while that key is listed, and no longer", async () => {
  const sealed = await (await importSeals([older])).seal("secret", "a");
  const rotated = await importSeals([newer, older]);

  assertEquals([await rotated.open(sealed, "a"), rotated.isCurrent(sealed)], ["secret", false]);
  assert(rotated.isCurrent(await rotated.seal("secret", "a")));
  assertEquals(await (await importSeals([newer])).open(sealed, "a"), null);
});

Deno.test("asvs V11.3.3: what was changed, cut or sealed as something else does not open", async () => {
  const { seal, open } = await importSeals([newer]);
  const sealed = await seal("secret", "second factor of admin 1");
  const flipped = sealed.replace(/(?<=^.{20})./, (sign) => sign === "A" ? "B" : "A");
  const wrong = [flipped, sealed.slice(0, -4), "2026:", "2026:%%%", "", "nope", `x${sealed}`];

  for (const text of wrong) {
    assertEquals([text, await open(text, "second factor of admin 1")], [text, null]);
  }
  assertEquals(await open(sealed, "second factor of admin 2"), null);
});
