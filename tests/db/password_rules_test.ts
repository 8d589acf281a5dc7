import { assertEquals, assertMatch } from "@std/assert";
import { passwordProblem } from "../../db/password_rules.ts";

const owner = { email: "al.meyer84@northwind.example", name: "Alice Meyer", agency: "Blue Fin" };
const problemOf = (password: string) => passwordProblem(password, owner);

Deno.test("asvs V6.2.1 V6.2.9: a password has 8 to 128 characters, however many bytes each takes", async () => {
  for (const [sign, name] of [["x", "letters"], ["🐟", "fish"], [" ", "spaces"]] as const) {
    const verdicts = [];
    for (const length of [0, 7, 8, 64, 128, 129]) {
      verdicts.push(await problemOf(sign.repeat(length)) === null);
    }
    assertEquals([name, ...verdicts], [name, false, false, true, true, true, false]);
  }
  assertMatch(await problemOf("x".repeat(7)) ?? "", /needs 8 characters or more/);
  assertMatch(await problemOf("x".repeat(129)) ?? "", /may have 128 characters/);
});

Deno.test("asvs V6.2.5 V6.2.8: any composition will do, and nothing is trimmed", async () => {
  const fine = [
    "kettlesandtides",
    "ÄÖÜÄÖÜÄÖÜ",
    "        ",
    "  kettle",
    "a quiet kettle",
    "%00<b>&\"';--",
  ];
  for (const password of [...fine, "8375194620", "пароль-чайник", "水水水水水水水水"]) {
    assertEquals([password, await problemOf(password)], [password, null]);
  }
});

Deno.test("asvs V6.2.4: the 3,000 commonest passwords are refused in any case", async () => {
  const common = ["password", "PassWord", "12345678", "1234567890", "qwertyuiop", "iloveyou"];
  for (
    const password of [...common, "trustno1", "1qaz2wsx", "passw0rd", "changeme", "password123"]
  ) {
    assertMatch(await problemOf(password) ?? "fine", /^Many people use this.*Choose another one/);
  }
});

Deno.test("asvs V6.1.2 V6.2.11: the product's, the agency's and one's own words are refused, digits around or not", async () => {
  const product = ["connectpro", "ConnectPro2026", "connect-pro-1", "2026connectpro!"];
  const agency = ["bluefin123", "Blue Fin 2026", "bluefinbluefin"];
  const own = ["AliceMeyer", "alice1984", "meyer, alice", "1234Alice", "almeyer84"];
  for (const password of [...product, ...agency, ...own, "alice-connectpro"]) {
    assertMatch(await problemOf(password) ?? `${password} is fine`, /^This is made of/);
  }
  for (const password of ["alice in a kettle", "connectpros9", "bluefish99", "northwind7"]) {
    assertEquals([password, await problemOf(password)], [password, null]);
  }
});

Deno.test("short names and missing ones refuse nothing", async () => {
  const nobody = { email: "j@x.example", name: "Bo", agency: "42" };
  assertEquals(await passwordProblem("b12345678o", nobody), null);
  assertEquals(await passwordProblem("j2026-2026", nobody), null);
  assertEquals(await passwordProblem("a kettle", { agency: "" }), null);
});
