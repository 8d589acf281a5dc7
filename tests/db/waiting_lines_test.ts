import { assertEquals, assertRejects } from "@std/assert";
import { WaitingLine } from "../../db/waiting_lines.ts";

class Full extends Error {}
const lineOf = (inside: number, waiting: number) =>
  new WaitingLine({ inside, waiting, full: () => new Full() });

Deno.test("a line lets in as many as it says, in the order they came, and sends the rest away", async () => {
  const line = lineOf(2, 3);
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const works = doors.map(({ promise }, n) =>
    line.pass(() => {
      begun.push(n);
      return promise;
    })
  );
  await assertRejects(() => line.pass(() => Promise.resolve()), Full);
  assertEquals(begun, [0, 1]);

  doors[1]?.resolve();
  await works[1];
  assertEquals(begun, [0, 1, 2]);
  for (const { resolve } of doors) resolve();
  await Promise.all(works);
  assertEquals(begun, [0, 1, 2, 3, 4]);
});

Deno.test("who fails leaves the line as well", async () => {
  const line = lineOf(1, 1);
  for (let n = 0; n < 3; n++) {
    await assertRejects(() => line.pass(() => Promise.reject(new Full())), Full);
  }
  assertEquals(await line.pass(() => Promise.resolve("served")), "served");
});
