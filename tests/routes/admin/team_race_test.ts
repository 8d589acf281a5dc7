import { assertEquals } from "@std/assert";
import { eq, isNull } from "drizzle-orm";
import { admins, auditLog } from "../../../db/schema.ts";
import { ada, castIn, hire } from "../../cast.ts";
import { openTestDatabase } from "../../databases.ts";
import { startProduct } from "../../process.ts";
import { Visitor } from "../../visitor.ts";
import { PASSWORD, PASSWORD_HASH } from "../../world.ts";

Deno.test("of two owners who shut each other out in two processes at once, one stays", async () => {
  await using place = await openTestDatabase();
  const { db } = place;
  const zoe = { name: "Zoe Lind", email: "zoe@connectpro.example" };
  const cast = await castIn(db, PASSWORD_HASH);
  const ids = [cast.ada.id, await hire(db, { ...zoe, passwordHash: PASSWORD_HASH, role: "owner" })];
  const env = { TURSO_DATABASE_URL: place.url };
  await using one = await startProduct(env);
  await using two = await startProduct(env);
  const enter = async (url: string, { email }: { email: string }) => {
    const visitor = new Visitor(url);
    await visitor.post("/admin/sign-in", { email, password: PASSWORD });
    return visitor;
  };

  for (let round = 0; round < 6; round++) {
    await db.update(admins).set({ deactivatedAt: null });
    const pair = [await enter(one.url, ada), await enter(two.url, zoe)] as const;
    const answers = await Promise.all([
      pair[0].post(`/admin/team/${ids[1]}/deactivation`, {}),
      pair[1].post(`/admin/team/${ids[0]}/deactivation`, {}),
    ]);
    const left = await db.select().from(admins).where(isNull(admins.deactivatedAt));
    assertEquals([round, left.length], [round, 1]);
    const done = answers.filter(({ location }) => location === "/admin/team");
    assertEquals([round, done.length], [round, 1], "the other is refused, or signed out already");
  }
  const logged = await db.select().from(auditLog)
    .where(eq(auditLog.action, "team.deactivate"));
  assertEquals(logged.length, 6, "only what was done is in the log");
});
