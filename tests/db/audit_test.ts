import { assertEquals } from "@std/assert";
import { eq } from "drizzle-orm";
import { auditedIfDone, listAudit } from "../../db/audit.ts";
import { commit } from "../../db/client.ts";
import { admins } from "../../db/schema.ts";
import { castIn, NOW } from "../cast.ts";
import { eachDatabase } from "../databases.ts";

eachDatabase(
  "auditedIfDone() records what the statement before it did, and nothing else",
  async (db) => {
    const { ada } = await castIn(db);
    const rename = (id: number) => db.update(admins).set({ name: "Ada" }).where(eq(admins.id, id));
    const origin = { requestId: "request", addressHash: "address" };
    const by = { actor: { ...ada, origin }, now: NOW };
    const entry = { subject: "admin 1", before: { name: "Ada Novak" }, after: { name: "Ada" } };

    assertEquals(
      await commit(db, [rename(1), auditedIfDone(by, { ...entry, action: "done" })]),
      [1, 1],
    );
    assertEquals(
      await commit(db, [rename(999), auditedIfDone(by, { ...entry, action: "not done" })]),
      [0, 0],
    );
    const [row, ...more] = await listAudit(db, { limit: 10 });
    assertEquals(row, {
      ...{ ...entry, ...origin, id: 1, at: NOW, action: "done" },
      ...{ actorKind: "admin", actorId: ada.id, actorName: ada.name },
    });
    assertEquals(more, []);
  },
);
