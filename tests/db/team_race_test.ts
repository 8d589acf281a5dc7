import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { admins } from "../../db/schema.ts";
import { openDb } from "../../db/client.ts";
import { changeRole, deactivate, findMember } from "../../db/team.ts";
import { castIn, hire, NOW } from "../cast.ts";
import { eachDatabase } from "../databases.ts";

eachDatabase(
  "of two owners who shut each other out over two connections at once, one stays",
  async (db, place) => {
    const cast = await castIn(db);
    const zoe = { name: "Zoe Lind", email: "zoe@connectpro.example", passwordHash: "none" };
    const ids = [cast.ada.id as number, await hire(db, { ...zoe, role: "owner" })];
    const other = await openDb(place.url);
    const by = { actor: cast.ada, now: NOW };

    for (let round = 0; round < 10; round++) {
      await db.update(admins).set({ deactivatedAt: null, role: "owner" });
      const [one, two] = await Promise.all(ids.map((id) => findMember(db, id)));
      if (!one || !two) throw new Error("both are there");
      const ends = await Promise.allSettled([
        deactivate(db, two, by),
        round % 2 ? deactivate(other, one, by) : changeRole(other, one, { ...by, role: "agent" }),
      ]);
      assertEquals(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      const owners = await db.select().from(admins).where(eq(admins.role, "owner"));
      assertEquals(owners.filter(({ deactivatedAt }) => deactivatedAt === null).length, 1);
    }
    other.$client.close();
  },
);
