import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Passwords } from "../../db/passwords.ts";
import { isProblem } from "../../db/problem.ts";

Deno.test("a password fits its own hash and no other, to the letter", async () => {
  const passwords = new Passwords();
  const [hash, twin] = await Promise.all([passwords.hash("a kettle"), passwords.hash("a kettle")]);

  assertMatch(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assertEquals(hash === twin, false);
  for (const typed of ["a kettle ", "A kettle", "", "a\0kettle"]) {
    assertEquals([typed, await passwords.verify(typed, hash)], [typed, false]);
  }
  assertEquals(await passwords.verify("a kettle", twin), true);
  for (const none of [null, undefined]) {
    assertEquals(await passwords.verify("a kettle", none), false);
    assertEquals(await passwords.verify("", none), false);
  }
  passwords.close();
});

Deno.test("a hash that cannot be read fails alone: those who wait beside it get their answers", async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash("a kettle");
  const [before, broken, after] = [
    passwords.verify("a kettle", hash),
    assertRejects(() => passwords.verify("a kettle", "no hash")),
    passwords.verify("a kettle", hash),
  ];

  assertEquals([await before, await after], [true, true]);
  await broken;
  passwords.close();
});

Deno.test("asvs V11.2.2: a hash says with which parameters it was made, and others than today's are outdated", async () => {
  const passwords = new Passwords();
  assertEquals(passwords.isOutdated(await passwords.hash("a kettle")), false);
  passwords.close();
  const others = ["m=4096,t=3,p=1", "m=19456,t=1,p=1", "m=19456,t=2,p=4", "m=194560,t=2,p=1"];
  for (const parameters of others) {
    assert(passwords.isOutdated(`$argon2id$v=19$${parameters}$salt$hash`));
  }
  assert(passwords.isOutdated("$argon2i$v=19$m=19456,t=2,p=1$salt$hash"));
});

Deno.test("asvs V15.2.2: the queue is bounded; who finds it full is told when to come back, and it empties", async () => {
  const cheap = { memorySize: 64, iterations: 1, parallelism: 1, hashLength: 32 };
  const passwords = new Passwords(cheap);
  const ends = await Promise.allSettled(
    Array.from({ length: 140 }, (_, n) => passwords.verify(`try ${n}`, null)),
  );
  const refused = ends.flatMap((end) => end.status === "rejected" ? [end.reason] : []);

  assertEquals([ends.length - refused.length, passwords.asked], [128, 128]);
  for (const reason of refused) {
    assert(isProblem(reason, "unavailable") && (reason.retryAfter ?? 0) > 0);
  }
  assertEquals(await passwords.verify("a kettle", await passwords.hash("a kettle")), true);
  passwords.close();
});
