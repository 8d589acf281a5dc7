import { assertEquals } from "@std/assert";
import { ada } from "../../cast.ts";
import { beginFactor, codeAt, STEP } from "../../factors.ts";
import type { Answer } from "../../visitor.ts";
import { openWorld, PASSWORD } from "../../world.ts";

const factor = "/admin/second-factor";

Deno.test("proving who one is costs two round trips, and its pages one", async () => {
  await using world = await openWorld({ slow: 15 });
  const visitor = await world.signedIn("ada");
  const measured: [string, number][] = [];
  const trips = async (what: string, status: number, act: () => Promise<Answer>) => {
    await world.trips.begin();
    const answer = await act();
    measured.push([what, world.trips.count()]);
    assertEquals([what, answer.status], [what, status]);
  };
  const post = (path: string, fields: Record<string, string>) => () => visitor.post(path, fields);

  await trips("settings", 303, post("/admin/settings", { second_factor: "optional" }));
  await trips("begin", 303, post(factor, {}));
  const seed = await beginFactor(visitor);
  const code = (steps = 0) => codeAt(world, { seed }, steps);
  await trips("confirmation", 200, post(`${factor}/confirmation`, { code: code() }));
  world.time.now += STEP;
  await trips("proof", 303, post("/admin/confirm", { password: PASSWORD, code: code() }));
  await trips("new codes", 200, post(`${factor}/recovery-codes`, {}));
  world.time.now += STEP;
  await trips("password", 303, post("/admin/sign-in", { email: ada.email, password: PASSWORD }));
  await trips("code", 303, post("/admin/sign-in/code", { code: code() }));
  await trips("removal", 303, post(`${factor}/removal`, {}));
  assertEquals(measured, measured.map(([what]) => [what, 2]));

  for (const path of [factor, "/admin/settings", "/admin/confirm"]) {
    await trips(path, 200, () => visitor.get(path));
    assertEquals(measured.at(-1), [path, 1]);
  }
});
